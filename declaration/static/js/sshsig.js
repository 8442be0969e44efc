/**
 * SSHSIG: the signature format of OpenSSH (PROTOCOL.sshsig), so that `ssh-keygen -Y verify` can check every act.
 *
 * What is signed, with s(x) = uint32 length, then x:
 *
 *   TBS  = "SSHSIG" s(namespace) s("") s("sha512") s(SHA-512(message))
 *
 * What is sent:
 *
 *   blob = "SSHSIG" uint32(1) s(public key) s(namespace) s("") s("sha512") s(signature)
 *
 *   kind                  public key                                      signature
 *   ssh-ed25519           s(kind) s(32 bytes)                             s(kind) s(64 bytes)
 *   ecdsa-sha2-nistp256   s(kind) s("nistp256") s(04 x y)                 s(kind) s(mpint(r) mpint(s))
 *
 * WebCrypto gives an ECDSA signature as r and s, 32 bytes each, one after the other. A fingerprint is "SHA256:" and the
 * base64 of the SHA-256 of the public key blob, without padding, as `ssh-keygen -l` prints it.
 */

import { concat, fromBase64, mpint, sha256, sha512, sshString, toBase64, uint32, utf8 } from "./bytes.js";
import { Refusal } from "./errors.js";

export const ED25519 = "ssh-ed25519";
export const P256 = "ecdsa-sha2-nistp256";

const MAGIC = utf8("SSHSIG");
const HASH = "sha512";

/** The bytes that a key signs. @param {string} namespace @param {Uint8Array} message @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function tbs(namespace, message) {
  if (namespace === "") throw new Refusal("sshsig.namespace"); // OpenSSH refuses it too: it would be a signature for any purpose
  return concat(MAGIC, sshString(namespace), sshString(""), sshString(HASH), sshString(await sha512(message)));
}

/**
 * @param {string} kind ED25519 or P256
 * @param {Uint8Array} raw what WebCrypto exports as "raw": 32 bytes, or the uncompressed point of 65
 * @returns {Uint8Array<ArrayBuffer>} the public key blob
 */
export function publicBlob(kind, raw) {
  if (kind === ED25519 && raw.length === 32) return concat(sshString(kind), sshString(raw));
  if (kind === P256 && raw.length === 65 && raw[0] === 4) return concat(sshString(kind), sshString("nistp256"), sshString(raw));
  throw new Refusal("key.unknown-kind", { kind });
}

/** "kind base64", the line of a .pub file without comment. @param {string} kind @param {Uint8Array} blob @returns {string} */
export function opensshLine(kind, blob) {
  return `${kind} ${toBase64(blob)}`;
}

/** The blob of a line of exactly two words. @param {string} line @returns {{kind: string, blob: Uint8Array<ArrayBuffer>}} */
export function parseOpensshLine(line) {
  const words = line.split(" ");
  if (words.length !== 2) throw new Refusal("key.malformed");
  return { kind: words[0], blob: fromBase64(words[1]) };
}

/** @param {Uint8Array} blob @returns {Promise<string>} */
export async function fingerprint(blob) {
  return `SHA256:${toBase64(await sha256(blob)).replaceAll("=", "")}`;
}

/**
 * @param {{kind: string, blob: Uint8Array, namespace: string, raw: Uint8Array}} parts raw: the 64 bytes of WebCrypto
 * @returns {Uint8Array<ArrayBuffer>} the SSHSIG blob
 */
export function signatureBlob({ kind, blob, namespace, raw }) {
  if (raw.length !== 64) throw new Refusal("sshsig.length", { length: raw.length });
  const signature = kind === P256 ? concat(mpint(raw.slice(0, 32)), mpint(raw.slice(32))) : raw;
  return frame(blob, namespace, concat(sshString(kind), sshString(signature)));
}

/**
 * The blob around a signature field that is already in its SSH form.
 * @param {Uint8Array} blob of the public key @param {string} namespace @param {Uint8Array} signature
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function frame(blob, namespace, signature) {
  return concat(MAGIC, uint32(1), sshString(blob), sshString(namespace), sshString(""), sshString(HASH), sshString(signature));
}

/** The text that `ssh-keygen -Y verify -s` reads: base64 in lines of 70. @param {Uint8Array} blob @returns {string} */
export function armor(blob) {
  const lines = toBase64(blob).match(/.{1,70}/g) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}
