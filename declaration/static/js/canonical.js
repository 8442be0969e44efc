/**
 * Canonical JSON: RFC 8785 on a profile, so that one value has one spelling in every language.
 *
 *   object   keys of printable ASCII, sorted, each once; plain objects only
 *   array    in order
 *   number   an integer, at most 2^53 - 1 away from zero; no floats, no minus zero
 *   string   valid Unicode; escaped as RFC 8785 3.2.2.2: \b \t \n \f \r \" \\, other controls \u00xx, nothing else
 *   true, false, null
 *
 * No white space. At most 32 levels. On this profile the bytes are those of Python's
 * `json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))` in UTF-8.
 *
 * Example: {"b": [1, null], "a": "é\n"} is written {"a":"é\n","b":[1,null]}.
 */

import { hasLoneSurrogate, utf8 } from "./bytes.js";
import { Refusal } from "./errors.js";

const MAX_DEPTH = 32;

/** @param {unknown} value @returns {string} */
export function canonical(value) {
  return print(value, 1);
}

/** @param {unknown} value @returns {Uint8Array<ArrayBuffer>} */
export function canonicalBytes(value) {
  return utf8(canonical(value));
}

/**
 * Parse, print again, compare: refuses duplicate keys, other spellings and everything outside the profile.
 * @param {string} text @returns {any}
 */
export function parseCanonical(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("json.malformed");
  }
  if (canonical(value) !== text) throw new Refusal("json.not-canonical");
  return value;
}

/** @param {unknown} value @param {number} depth @returns {string} */
function print(value, depth) {
  if (depth > MAX_DEPTH) throw new Refusal("json.too-deep");
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "string") return printString(value);
  if (typeof value === "number") return printInteger(value);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => print(item, depth + 1)).join(",")}]`;
  if (isPlainObject(value)) return printObject(value, depth);
  throw new Refusal("json.type", { type: typeof value });
}

/** @param {string} text */
function printString(text) {
  if (hasLoneSurrogate(text)) throw new Refusal("unicode.lone-surrogate");
  return JSON.stringify(text); // for valid Unicode, ECMAScript's QuoteJSONString is RFC 8785's rule
}

/** @param {number} number */
function printInteger(number) {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) throw new Refusal("json.number", { number: String(number) });
  return String(number);
}

/** @param {Record<string, unknown>} object @param {number} depth */
function printObject(object, depth) {
  const keys = Object.keys(object);
  for (const key of keys) if (!/^[\x20-\x7e]*$/.test(key)) throw new Refusal("json.key");
  return `{${keys.sort().map((key) => `${JSON.stringify(key)}:${print(object[key], depth + 1)}`).join(",")}}`;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isPlainObject(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
