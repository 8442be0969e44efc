/**
 * Verifying in the browser what sshsig.js and passkey.js make, as strictly as the service does (its protocol.sshsig):
 * version 1, sha512, nothing reserved and nothing left over; the key that the statement names; a signature of the key's own kind.
 *
 * Ed25519 is that of ed25519.js (WebCrypto, or plain arithmetic in browsers without it), with what RFC 8032 leaves open closed:
 * S below the group's order, neither R nor the key of small order, the key canonical. P-256 is WebCrypto's. A passkey signs the TBS as its challenge; its site must be one of those that the page names.
 */

import { concat, equal, fromUtf8, sha256, toBase64url, toHex, utf8 } from "./bytes.js";
import { verifyEd25519 as verifyPoint } from "./ed25519.js";
import { Refusal } from "./errors.js";
import { PASSKEY } from "./passkey.js";
import { ED25519, fingerprint, P256, tbs } from "./sshsig.js";
import { Wire } from "./wire.js";

const WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
/** @type {Record<string, string>} */
const SIGNS_AS = { [ED25519]: ED25519, [P256]: P256, [PASSKEY]: WEBAUTHN };
const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SMALL = new Set([ // y of the points of order 1, 2, 4 and 8, and other spellings of the same
  0n, 1n, FIELD - 1n, FIELD, FIELD + 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

/** @typedef {{origins: string[], rpId: string}} Passkeys where a passkey may have signed */

/**
 * Return the kind of key where `blob` is a strictly valid signature of `message` by the key with this fingerprint.
 * @param {Uint8Array} blob
 * @param {{key: string, namespace: string, message: Uint8Array, passkeys: Passkeys}} expected
 * @returns {Promise<string>}
 */
export async function verifySshsig(blob, { key, namespace, message, passkeys }) {
  const wire = new Wire(blob);
  if (fromUtf8(wire.take(6)) !== "SSHSIG" || wire.number() !== 1) throw new Refusal("signature.malformed");
  const keyBlob = wire.string();
  const [spoken, reserved, hash] = [wire.text(), wire.string(), wire.text()];
  const fields = new Wire(wire.string());
  wire.end();
  if (reserved.length > 0 || hash !== "sha512") throw new Refusal("signature.malformed");
  if ((await fingerprint(keyBlob)) !== key) throw new Refusal("signature.other-key");
  if (spoken !== namespace) throw new Refusal("signature.namespace");
  const { kind, point, application } = readKey(keyBlob);
  if (fields.text() !== SIGNS_AS[kind]) throw new Refusal("signature.malformed");
  const signature = kind === ED25519 ? fields.string() : scalars(fields.string());
  let signed = await tbs(namespace, message);
  if (kind === PASSKEY) signed = await asserted(fields, application, signed, passkeys);
  fields.end();
  const valid = kind === ED25519 ? await verifyEd25519(point, signature, signed) : await verifyP256(point, signature, signed);
  if (!valid) throw new Refusal("signature.invalid");
  return kind;
}

/**
 * @param {Uint8Array<ArrayBuffer>} point @param {Uint8Array<ArrayBuffer>} signature @param {Uint8Array<ArrayBuffer>} message
 * @returns {Promise<boolean>}
 */
export async function verifyEd25519(point, signature, message) {
  if (point.length !== 32 || signature.length !== 64 || littleEndian(signature.slice(32)) >= ORDER) return false;
  if (isSmall(signature.slice(0, 32)) || isSmall(point) || yOf(point) >= FIELD) return false;
  return verifyPoint(point, signature, message);
}

/** @param {Uint8Array<ArrayBuffer>} point @param {Uint8Array<ArrayBuffer>} signature @param {Uint8Array<ArrayBuffer>} message */
async function verifyP256(point, signature, message) {
  try {
    const key = await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
  } catch {
    return false; // a point that is not on the curve cannot be imported
  }
}

/** @param {Uint8Array} blob @returns {{kind: string, point: Uint8Array<ArrayBuffer>, application: string}} */
function readKey(blob) {
  const wire = new Wire(blob);
  const kind = wire.text();
  if (!Object.hasOwn(SIGNS_AS, kind)) throw new Refusal("signature.malformed");
  if (kind !== ED25519 && wire.text() !== "nistp256") throw new Refusal("signature.malformed");
  const point = wire.string();
  const application = kind === PASSKEY ? wire.text() : "";
  wire.end();
  if (kind !== ED25519 && (point.length !== 65 || point[0] !== 4)) throw new Refusal("signature.malformed");
  return { kind, point, application };
}

/** r and s, one after the other. @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} */
function scalars(bytes) {
  const wire = new Wire(bytes);
  const both = concat(wire.scalar(), wire.scalar());
  wire.end();
  return both;
}

/**
 * What the browser and the authenticator say of themselves (WebAuthn section 5.8.1.2), and the bytes that it signed.
 * @param {Wire} wire behind the signature @param {string} application @param {Uint8Array} challenge @param {Passkeys} passkeys
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function asserted(wire, application, challenge, passkeys) {
  const flags = wire.take(1);
  const counter = wire.take(4);
  const [site, clientData, extensions] = [wire.text(), wire.string(), wire.string()];
  if (application !== passkeys.rpId || !passkeys.origins.includes(site)) throw new Refusal("passkey.site", { site });
  const wanted = toBase64url(challenge);
  const start = utf8(`{"type":"webauthn.get","challenge":"${wanted}","origin":"${site}"`);
  const begins = equal(clientData.slice(0, start.length), start) && [0x2c, 0x7d].includes(clientData[start.length]);
  const client = begins ? clientOf(clientData) : {};
  if (client.type !== "webauthn.get" || client.challenge !== wanted || client.origin !== site) throw new Refusal("passkey.purpose");
  if ((client.crossOrigin ?? false) !== false || "topOrigin" in client) throw new Refusal("passkey.purpose");
  if ((flags[0] & 0x05) !== 0x05) throw new Refusal("passkey.presence"); // user present, user verified
  if (flags[0] & 0x40 || Boolean(flags[0] & 0x80) !== extensions.length > 0) throw new Refusal("signature.malformed");
  return concat(await sha256(utf8(application)), flags, counter, extensions, await sha256(clientData));
}

/** @param {Uint8Array} bytes @returns {Record<string, unknown>} */
function clientOf(bytes) {
  try {
    const value = JSON.parse(fromUtf8(bytes));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** @param {Uint8Array} bytes */
function isSmall(bytes) {
  return SMALL.has(yOf(bytes));
}

/** @param {Uint8Array} bytes */
function yOf(bytes) {
  return littleEndian(bytes) & (2n ** 255n - 1n);
}

/** @param {Uint8Array} bytes */
function littleEndian(bytes) {
  return BigInt(`0x${toHex(bytes.slice().reverse())}`);
}
