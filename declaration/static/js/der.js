/**
 * The little of DER (ITU-T X.690) that an encrypted private key needs.
 *
 * A value is a tag byte, a length and that many bytes. Lengths are definite and as short as possible; tags are one byte;
 * integers are non-negative and below 2^53. Anything else, and bytes left over, is refused.
 */

import { concat, equal, fromHex, toHex } from "./bytes.js";
import { Refusal } from "./errors.js";

export const INTEGER = 0x02;
export const OCTETS = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const SEQUENCE = 0x30;

/** @typedef {{tag: number, body: Uint8Array<ArrayBuffer>}} Value */

/** @param {number} tag @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function der(tag, ...parts) {
  const body = concat(...parts);
  return concat(Uint8Array.of(tag), lengthBytes(body.length), body);
}

/** @param {number} number @returns {Uint8Array<ArrayBuffer>} */
export function derInteger(number) {
  const digits = number.toString(16);
  const bytes = fromHex(digits.length % 2 ? `0${digits}` : digits);
  return der(INTEGER, bytes[0] >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
}

/** An OBJECT IDENTIFIER from its encoded body in hexadecimal. @param {string} hex @returns {Uint8Array<ArrayBuffer>} */
export function derOid(hex) {
  return der(OID, fromHex(hex));
}

/** The values that fill these bytes exactly. @param {Uint8Array} bytes @returns {Value[]} */
export function derValues(bytes) {
  const values = [];
  let rest = concat(bytes);
  while (rest.length > 0) {
    const { header, length } = readHeader(rest);
    if (header + length > rest.length) throw new Refusal("der.malformed");
    values.push({ tag: rest[0], body: rest.slice(header, header + length) });
    rest = rest.slice(header + length);
  }
  return values;
}

/** The one value that fills these bytes, of this tag. @param {Uint8Array} bytes @param {number} tag @returns {Uint8Array<ArrayBuffer>} */
export function derOne(bytes, tag) {
  const values = derValues(bytes);
  if (values.length !== 1) throw new Refusal("der.malformed");
  return expect(values[0], tag);
}

/** The body of a value that must have this tag. @param {Value|undefined} value @param {number} tag @returns {Uint8Array<ArrayBuffer>} */
export function expect(value, tag) {
  if (value === undefined || value.tag !== tag) throw new Refusal("der.malformed");
  return value.body;
}

/** @param {Value|undefined} value @returns {number} */
export function readInteger(value) {
  const body = expect(value, INTEGER);
  const number = body.length > 0 && body.length <= 8 ? Number(`0x${toHex(body)}`) : NaN;
  if (!Number.isSafeInteger(number) || !equal(der(INTEGER, body), derInteger(number))) throw new Refusal("der.malformed");
  return number;
}

/** The encoded body of an OBJECT IDENTIFIER, in hexadecimal. @param {Value|undefined} value @returns {string} */
export function readOid(value) {
  return toHex(expect(value, OID));
}

/** @param {number} length @returns {Uint8Array<ArrayBuffer>} */
function lengthBytes(length) {
  if (length < 0x80) return Uint8Array.of(length);
  const digits = length.toString(16);
  const bytes = fromHex(digits.length % 2 ? `0${digits}` : digits);
  return concat(Uint8Array.of(0x80 | bytes.length), bytes);
}

/** @param {Uint8Array} bytes @returns {{header: number, length: number}} */
function readHeader(bytes) {
  if (bytes.length < 2 || (bytes[0] & 0x1f) === 0x1f) throw new Refusal("der.malformed");
  if (bytes[1] < 0x80) return { header: 2, length: bytes[1] };
  const count = bytes[1] & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) throw new Refusal("der.malformed");
  const length = Number(`0x${toHex(bytes.slice(2, 2 + count))}`);
  if (!equal(lengthBytes(length), bytes.slice(1, 2 + count))) throw new Refusal("der.malformed");
  return { header: 2 + count, length };
}
