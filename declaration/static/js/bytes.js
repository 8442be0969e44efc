/**
 * Bytes and their spellings: one value, one spelling.
 *
 *   hex         lower case, two digits a byte
 *   base64      RFC 4648 section 4, with padding, canonical: the unused bits of the last digit are zero
 *   base64url   RFC 4648 section 5, without padding, canonical
 *   utf8        of valid Unicode only; a lone surrogate has no UTF-8
 *   uint32      big-endian
 *   sshString   uint32 length, then the bytes (RFC 4251 section 5)
 *   mpint       sshString of a non-negative big-endian number without needless leading zeros, with one zero byte before a
 *               first byte of 0x80 or more (RFC 4251 section 5)
 *
 * Every decoder refuses what its encoder would not have written: a signature over two spellings is an argument in court.
 */

import { Refusal } from "./errors.js";

/** @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} a @param {Uint8Array} b @returns {boolean} */
export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** True where a string has a surrogate without its other half. @param {string} text @returns {boolean} */
export function hasLoneSurrogate(text) {
  return /\p{Surrogate}/u.test(text);
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function utf8(text) {
  if (hasLoneSurrogate(text)) throw new Refusal("unicode.lone-surrogate");
  return concat(new TextEncoder().encode(text));
}

/** @param {Uint8Array} bytes @returns {string} */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("utf8.malformed");
  }
}

/** @param {Uint8Array} bytes @returns {string} */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Refusal("hex.malformed");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} bytes @returns {string} */
export function toBase64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new Refusal("base64.malformed");
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new Refusal("base64.malformed");
  return bytes;
}

/** @param {Uint8Array} bytes @returns {string} */
export function toBase64url(bytes) {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new Refusal("base64.malformed");
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + padding);
}

/** @param {number} value @returns {Uint8Array<ArrayBuffer>} */
export function uint32(value) {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new Refusal("uint32.range");
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** @param {Uint8Array|string} value @returns {Uint8Array<ArrayBuffer>} */
export function sshString(value) {
  const bytes = typeof value === "string" ? utf8(value) : value;
  return concat(uint32(bytes.length), bytes);
}

/** @param {Uint8Array} number non-negative, big-endian @returns {Uint8Array<ArrayBuffer>} */
export function mpint(number) {
  const first = number.findIndex((byte) => byte !== 0);
  if (first < 0) return sshString(new Uint8Array());
  const digits = number.slice(first);
  return sshString(digits[0] >= 0x80 ? concat(Uint8Array.of(0), digits) : digits);
}

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(bytes)));
}

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function sha512(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", concat(bytes)));
}

/** SHA-256 as 64 hexadecimal digits. @param {Uint8Array} bytes @returns {Promise<string>} */
export async function sha256Hex(bytes) {
  return toHex(await sha256(bytes));
}

/** @param {number} count @returns {Uint8Array<ArrayBuffer>} */
export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}
