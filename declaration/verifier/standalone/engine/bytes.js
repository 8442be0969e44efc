// Bytes and their spellings. One value, one spelling: whatever could be written in two ways is refused in all but one.

/** What the engine throws where something is not as it must be; every other exception is a defect of this program. */
class Refusal extends Error {
  constructor(code, what) {
    super(what);
    this.code = code;
  }
}

const refuse = (code, what) => { throw new Refusal(code, what); };

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();
const LATIN = new TextDecoder("latin1");

const toBytes = (text) => ENCODER.encode(text);

function fromUtf8(bytes, code = "json.not-utf8") {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return refuse(code, "not UTF-8");
  }
}

const HEX = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));

function toHex(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i++) out += HEX[bytes[i]];
  return out;
}

function fromHex(text) {
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

const isHex32 = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

function toBase64(bytes) {
  let binary = "";
  for (let i = 0; i < bytes.length; i++) binary += String.fromCharCode(bytes[i]);
  return btoa(binary);
}

const toBase64Url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function fromBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) refuse("encoding.base64", "not base64");
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  if (toBase64(out) !== text) refuse("encoding.base64", "base64 with unused bits set");
  return out;
}

function decimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) {
    refuse("encoding.decimal", "not a canonical decimal below 2^53");
  }
  return Number(text);
}

/** Milliseconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`; a day or an hour that does not exist is refused. */
function moment(text) {
  const fits = typeof text === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text) && !text.startsWith("0000");
  const value = fits ? Date.parse(text) : NaN;
  if (Number.isNaN(value) || new Date(value).toISOString().slice(0, 19) + "Z" !== text) {
    refuse("encoding.time", "not a time of the form 2025-11-24T18:02:11Z");
  }
  return value;
}

function same(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const uint32 = (value) => new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
const sshString = (bytes) => joined(uint32(bytes.length), bytes);

/** Reads the fields of the SSH wire format in order; reading past the end and leftovers are refused. */
class Wire {
  constructor(bytes, code) {
    this.bytes = bytes;
    this.at = 0;
    this.code = code;
  }

  take(count) {
    if (this.at + count > this.bytes.length) refuse(this.code, "a field ends too early");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  number() {
    const [a, b, c, d] = this.take(4);
    return a * 0x1000000 + b * 0x10000 + c * 0x100 + d;
  }

  string() {
    return this.take(this.number());
  }

  /** A positive integer in its shortest form, as 32 bytes. */
  scalar() {
    const data = this.string();
    const bad = !data.length || data[0] & 0x80 || (data[0] === 0 && (data.length === 1 || !(data[1] & 0x80)));
    if (bad) refuse(this.code, "not a positive integer in its shortest form");
    const digits = data[0] === 0 ? data.subarray(1) : data;
    if (digits.length > 32) refuse(this.code, "a number that is not below the order of the curve");
    return joined(new Uint8Array(32 - digits.length), digits);
  }

  end() {
    if (this.at !== this.bytes.length) refuse(this.code, "bytes after the last field");
  }
}
