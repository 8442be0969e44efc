/**
 * Verifying Ed25519 (RFC 8032, section 5.1.7) where the browser cannot: a record's checkpoints are signed with it, and a device
 * whose browser knows P-256 alone must still be able to check them before it signs.
 *
 * WebCrypto is asked first. What stands below is for browsers without it (Chromium before 137, Firefox before 129, Safari before 17):
 * plain arithmetic on public values, in some tens of milliseconds, never on a secret. As WebCrypto and libsodium do, it compares the
 * bytes of R with those of [S]B - [h]A, and refuses S that is not below the group order and points that are not spelled canonically.
 */

import { concat, sha512 } from "./bytes.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n));
const ROOT = power(2n, (P - 1n) / 4n); // a square root of -1
/** @typedef {[bigint, bigint, bigint, bigint]} Point extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z */
/** @type {Point} */
const NEUTRAL = [0n, 1n, 1n, 0n];

/**
 * @param {Uint8Array<ArrayBuffer>} key 32 bytes @param {Uint8Array<ArrayBuffer>} signature 64 bytes @param {Uint8Array<ArrayBuffer>} message
 * @returns {Promise<boolean>}
 */
export async function verifyEd25519(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return verifyPlainly(key, signature, message);
    return false;
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

/**
 * @param {Uint8Array} key @param {Uint8Array} signature @param {Uint8Array} message
 * @returns {Promise<boolean>}
 */
export async function verifyPlainly(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [a, base] = [decode(key), decode(BASE)];
  const r = signature.slice(0, 32);
  const s = number(signature.slice(32));
  if (a === null || base === null || s >= ORDER) return false;
  const h = number(await sha512(concat(r, key, message))) % ORDER;
  const [x, y, z, t] = a;
  const expected = encode(add(times(base, s), times([modulo(-x), y, z, modulo(-t)], h)));
  return expected.every((byte, place) => byte === r[place]);
}

const BASE = new Uint8Array(32).fill(0x66);
BASE[0] = 0x58;

/** @param {bigint} value @returns {bigint} */
function modulo(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

/** @param {bigint} value @param {bigint} exponent @returns {bigint} */
function power(value, exponent) {
  let [result, factor] = [1n, modulo(value)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

/** @param {bigint} value @returns {bigint} */
function inverse(value) {
  return power(value, P - 2n);
}

/** The complete addition law of section 5.1.4. @param {Point} one @param {Point} other @returns {Point} */
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = modulo((y1 - x1) * (y2 - x2));
  const b = modulo((y1 + x1) * (y2 + x2));
  const c = modulo(2n * t1 * t2 * D);
  const d = modulo(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [modulo(e * f), modulo(g * h), modulo(f * g), modulo(e * h)];
}

/** @param {Point} point @param {bigint} scalar @returns {Point} */
function times(point, scalar) {
  let [result, doubled] = [NEUTRAL, point];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, doubled);
    doubled = add(doubled, doubled);
  }
  return result;
}

/** Section 5.1.3; null for bytes that are no point, or not the only spelling of one. @param {Uint8Array} bytes @returns {Point|null} */
function decode(bytes) {
  const spelled = number(bytes);
  const [sign, y] = [spelled >> 255n, spelled & (2n ** 255n - 1n)];
  if (y >= P) return null;
  const u = modulo(y * y - 1n);
  const v = modulo(D * y * y + 1n);
  let x = modulo(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (modulo(v * x * x) !== u) x = modulo(x * ROOT);
  if (modulo(v * x * x) !== u || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, modulo(x * y)];
}

/** @param {Point} point @returns {Uint8Array} */
function encode([x, y, z]) {
  const unit = inverse(z);
  let value = modulo(y * unit) | ((modulo(x * unit) & 1n) << 255n);
  const bytes = new Uint8Array(32);
  for (let place = 0; place < 32; place += 1, value >>= 8n) bytes[place] = Number(value & 0xffn);
  return bytes;
}

/** Little endian. @param {Uint8Array} bytes @returns {bigint} */
function number(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
