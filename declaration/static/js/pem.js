/**
 * The backup of a key: an encrypted private key that OpenSSL and Python read without us.
 *
 * PKCS#8 EncryptedPrivateKeyInfo (RFC 5958 section 3) under PBES2 (RFC 8018), in PEM:
 *
 *   written   PBKDF2-HMAC-SHA256, 600,000 iterations, 16 bytes of salt, AES-256-CBC
 *   read      also other iteration counts up to 10,000,000, HMAC-SHA512, HMAC-SHA1 (RFC 8018's default, where the file
 *             names none) and AES-128-CBC; everything else is refused by name
 *
 * The passphrase is brought to Unicode NFC and encoded as UTF-8. Without this service:
 * `openssl pkey -in backup.pem -out key.pem`.
 *
 * CBC has no authentication: a wrong passphrase shows as bad padding or, one time in 256, as bytes that are no private
 * key. Both are reported alike, because neither says which of the two, passphrase or file, is wrong.
 */

import { concat, fromBase64, randomBytes, toBase64, utf8 } from "./bytes.js";
import { der, derInteger, derOid, derOne, derValues, expect, INTEGER, NULL, OCTETS, OID, readInteger, readOid, SEQUENCE } from "./der.js";
import { Refusal } from "./errors.js";

const ITERATIONS = 600_000;
const MAX_ITERATIONS = 10_000_000;

// Encoded bodies of the object identifiers.
const PBES2 = "2a864886f70d01050d"; // 1.2.840.113549.1.5.13
const PBKDF2 = "2a864886f70d01050c"; // 1.2.840.113549.1.5.12
const SCRYPT = "2b06010401da47040b"; // 1.3.6.1.4.1.11591.4.11
const HMAC_SHA256 = "2a864886f70d0209"; // 1.2.840.113549.2.9
const AES_256_CBC = "60864801650304012a"; // 2.16.840.1.101.3.4.1.42
/** @type {Record<string, string>} */
const HASHES = { "2a864886f70d0207": "SHA-1", [HMAC_SHA256]: "SHA-256", "2a864886f70d020b": "SHA-512" };
/** @type {Record<string, number>} */
const CIPHER_BITS = { "608648016503040102": 128, [AES_256_CBC]: 256 };

const LABEL = "ENCRYPTED PRIVATE KEY";

/**
 * @param {Uint8Array} pkcs8 PrivateKeyInfo, as WebCrypto exports it
 * @param {string} passphrase
 * @returns {Promise<string>} PEM
 */
export async function encryptPrivate(pkcs8, passphrase) {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await derive(passphrase, { salt, iterations: ITERATIONS, hash: "SHA-256", bits: 256 });
  const encrypted = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, concat(pkcs8)));
  const kdf = der(SEQUENCE, derOid(PBKDF2), der(
    SEQUENCE, der(OCTETS, salt), derInteger(ITERATIONS), der(SEQUENCE, derOid(HMAC_SHA256), der(NULL)),
  ));
  const cipher = der(SEQUENCE, derOid(AES_256_CBC), der(OCTETS, iv));
  const algorithm = der(SEQUENCE, derOid(PBES2), der(SEQUENCE, kdf, cipher));
  return toPem(der(SEQUENCE, algorithm, der(OCTETS, encrypted)));
}

/**
 * @param {string} pem
 * @param {string} passphrase
 * @returns {Promise<Uint8Array<ArrayBuffer>>} PrivateKeyInfo
 */
export async function decryptPrivate(pem, passphrase) {
  const { parameters, iv, encrypted } = readEncrypted(fromPem(pem));
  const key = await derive(passphrase, parameters);
  try {
    const pkcs8 = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, encrypted));
    privateKeyAlgorithm(pkcs8);
    return pkcs8;
  } catch {
    throw new Refusal("backup.wrong-passphrase");
  }
}

/**
 * The algorithm of a private key: the encoded bodies of its object identifier and, where there is one, of the curve's.
 * @param {Uint8Array} pkcs8 @returns {{algorithm: string, curve: string|null}}
 */
export function privateKeyAlgorithm(pkcs8) {
  const [version, algorithm, key] = derValues(derOne(pkcs8, SEQUENCE));
  readInteger(version);
  expect(key, OCTETS);
  const [identifier, curve] = derValues(expect(algorithm, SEQUENCE));
  return { algorithm: readOid(identifier), curve: curve?.tag === OID ? readOid(curve) : null };
}

/** @typedef {{salt: Uint8Array<ArrayBuffer>, iterations: number, hash: string, bits: number}} Parameters */

/** @param {string} passphrase @param {Parameters} parameters @returns {Promise<CryptoKey>} */
async function derive(passphrase, { salt, iterations, hash, bits }) {
  const secret = await crypto.subtle.importKey("raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", salt, iterations, hash }, secret, { name: "AES-CBC", length: bits }, false, ["encrypt", "decrypt"],
  );
}

/** @param {Uint8Array} bytes @returns {{parameters: Parameters, iv: Uint8Array<ArrayBuffer>, encrypted: Uint8Array<ArrayBuffer>}} */
function readEncrypted(bytes) {
  const [algorithm, data, ...rest] = derValues(derOne(bytes, SEQUENCE));
  if (rest.length) throw new Refusal("der.malformed");
  const [scheme, schemeParameters] = derValues(expect(algorithm, SEQUENCE));
  if (readOid(scheme) !== PBES2) throw new Refusal("backup.algorithm", { name: oidName(readOid(scheme)) });
  const [kdf, cipher] = derValues(expect(schemeParameters, SEQUENCE));
  const [cipherName, iv] = derValues(expect(cipher, SEQUENCE));
  const bits = CIPHER_BITS[readOid(cipherName)];
  if (bits === undefined) throw new Refusal("backup.algorithm", { name: oidName(readOid(cipherName)) });
  if (expect(iv, OCTETS).length !== 16) throw new Refusal("der.malformed");
  return { parameters: readKdf(expect(kdf, SEQUENCE), bits), iv: expect(iv, OCTETS), encrypted: expect(data, OCTETS) };
}

/** @param {Uint8Array} bytes @param {number} bits @returns {Parameters} */
function readKdf(bytes, bits) {
  const [name, body] = derValues(bytes);
  if (readOid(name) !== PBKDF2) throw new Refusal("backup.algorithm", { name: oidName(readOid(name)) });
  const [salt, count, ...optional] = derValues(expect(body, SEQUENCE));
  const iterations = readInteger(count);
  if (iterations < 1 || iterations > MAX_ITERATIONS) throw new Refusal("backup.iterations", { iterations });
  if (optional[0]?.tag === INTEGER && readInteger(optional.shift()) * 8 !== bits) throw new Refusal("der.malformed");
  let hash = "SHA-1"; // the default of RFC 8018, where no function is named
  if (optional.length) {
    const [prf, nothing] = derValues(expect(optional.shift(), SEQUENCE));
    hash = HASHES[readOid(prf)];
    if (hash === undefined) throw new Refusal("backup.algorithm", { name: oidName(readOid(prf)) });
    if (nothing !== undefined && expect(nothing, NULL).length > 0) throw new Refusal("der.malformed");
  }
  if (optional.length) throw new Refusal("der.malformed");
  return { salt: expect(salt, OCTETS), iterations, hash, bits };
}

/** A name for the words of a refusal: the dotted numbers, or a known name. @param {string} hex */
function oidName(hex) {
  if (hex === SCRYPT) return "scrypt";
  const numbers = [];
  let number = 0;
  for (const pair of hex.match(/../g) ?? []) {
    const byte = parseInt(pair, 16);
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const first = Math.min(Math.floor(numbers[0] / 40), 2);
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

/** @param {Uint8Array} bytes @returns {string} */
function toPem(bytes) {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${LABEL}-----`, ...lines, `-----END ${LABEL}-----`, ""].join("\n");
}

/** The one PEM block of a file; white space around it and inside it does not matter. @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function fromPem(text) {
  const match = /^\s*-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----\s*$/.exec(text);
  if (!match) throw new Refusal("backup.not-pem");
  if (match[1] === "PRIVATE KEY") throw new Refusal("backup.not-encrypted");
  if (match[1] !== LABEL) throw new Refusal("backup.other-format", { label: match[1] });
  return fromBase64(match[2].replace(/\s/g, ""));
}
