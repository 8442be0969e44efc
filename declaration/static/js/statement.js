/**
 * From a template of the page to the exact bytes that are signed.
 *
 * The page gives {"type","declaration","log","object","by":{"party","role"},"body":{…}}; this module adds what only the
 * signer's device may say, and spreads the body beside the common fields:
 *
 *   by.key   fingerprint of the signing key
 *   nonce    16 random bytes, base64url
 *   seen     "<size>:<hex root>", the checkpoint that this device has verified
 *
 * The statement is canonical JSON of at most 32 KiB. Its namespace is `<type>@<log>`, computed here and compared with the
 * one that the page announced, so that the words on the page and the act that is signed cannot part.
 */

import { canonical } from "./canonical.js";
import { randomBytes, toBase64url, utf8 } from "./bytes.js";
import { Refusal } from "./errors.js";

const MAX_BYTES = 32 * 1024;
const COMMON = ["by", "declaration", "log", "nonce", "object", "seen", "type"];
const TEMPLATE = ["body", "by", "declaration", "log", "object", "type"];

/**
 * @typedef {{type: string, declaration: string, log: string, object: string|null,
 *            by: {party: string, role: string}, body: Record<string, unknown>}} Template
 */

/** @returns {string} */
export function newNonce() {
  return toBase64url(randomBytes(16));
}

/** @param {unknown} value @param {string} namespace what the page announced @returns {Template} */
export function checkTemplate(value, namespace) {
  const template = /** @type {Template} */ (value);
  require(hasExactly(template, TEMPLATE), "fields");
  require(typeof template.type === "string" && /^[a-z_.]+-v1$/.test(template.type), "type");
  require(typeof template.log === "string" && template.log !== "", "log");
  require(typeof template.declaration === "string", "declaration");
  require(hasExactly(template.by, ["party", "role"]) && typeof template.by.role === "string", "by");
  require(typeof template.by.party === "string" && /^[a-z0-9][a-z0-9.-]{0,63}$/.test(template.by.party), "by.party");
  const { object } = template;
  require(object === null ? template.type === "constitution-v1" : typeof object === "string" && /^[0-9a-f]{64}$/.test(object), "object");
  require(typeof template.body === "object" && template.body !== null && !Array.isArray(template.body), "body");
  require(!Object.keys(template.body).some((key) => COMMON.includes(key)), "body");
  require(`${template.type}@${template.log}` === namespace, "namespace");
  return template;
}

/**
 * @param {Template} template checked
 * @param {{key: string, nonce: string, seen: string}} signer
 * @returns {string} canonical JSON
 */
export function compose({ type, declaration, log, object, by, body }, { key, nonce, seen }) {
  const statement = canonical({ ...body, by: { key, party: by.party, role: by.role }, declaration, log, nonce, object, seen, type });
  if (utf8(statement).length > MAX_BYTES) throw new Refusal("statement.too-large", { most: MAX_BYTES });
  return statement;
}

/** @param {unknown} value @param {string[]} names sorted @returns {boolean} */
function hasExactly(value, names) {
  return typeof value === "object" && value !== null && Object.keys(value).sort().join() === names.join();
}

/** @param {boolean} holds @param {string} what */
function require(holds, what) {
  if (!holds) throw new Refusal("page.malformed", { what });
}
