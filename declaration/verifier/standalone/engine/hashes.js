// SHA-256 and CRC-32. WebCrypto has SHA-256 too, but only as a promise for each call: a tree of a hundred thousand leaves asks for
// half a million small hashes, and an archive has to be hashed in pieces. FIPS 180-4; the constants are computed, not copied.

const ROUND = new Int32Array(64);
const START = new Int32Array(8);

{
  const fraction = (value) => ((value - Math.floor(value)) * 0x100000000) | 0;
  for (let candidate = 2, count = 0; count < 64; candidate++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) prime &&= candidate % divisor !== 0;
    if (!prime) continue;
    if (count < 8) START[count] = fraction(Math.sqrt(candidate));
    ROUND[count++] = fraction(Math.cbrt(candidate));
  }
}

/** SHA-256 over bytes that come in pieces. */
class Sha256 {
  constructor() {
    this.state = new Int32Array(START);
    this.block = new Uint8Array(64);
    this.filled = 0;
    this.length = 0;
  }

  update(bytes) {
    let at = 0;
    this.length += bytes.length;
    if (this.filled) {
      const room = Math.min(64 - this.filled, bytes.length);
      this.block.set(bytes.subarray(0, room), this.filled);
      this.filled += room;
      at = room;
      if (this.filled < 64) return this;
      compress(this.state, this.block, 0);
      this.filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) compress(this.state, bytes, at);
    this.block.set(bytes.subarray(at), 0);
    this.filled = bytes.length - at;
    return this;
  }

  digest() {
    const length = this.length;
    const padding = new Uint8Array(((this.filled < 56 ? 56 : 120) - this.filled) + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padding.length - 4, (length * 8) >>> 0);
    this.update(padding);
    const out = new Uint8Array(32);
    const words = new DataView(out.buffer);
    for (let i = 0; i < 8; i++) words.setInt32(4 * i, this.state[i]);
    return out;
  }

  hex() {
    return toHex(this.digest());
  }
}

const SCHEDULE = new Int32Array(64);

function compress(state, bytes, at) {
  const w = SCHEDULE;
  for (let i = 0; i < 16; i++, at += 4) w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

const sha256 = (...parts) => {
  const hasher = new Sha256();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
};
const sha256Hex = (...parts) => toHex(sha256(...parts));

const CRC = new Int32Array(256).map((_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Go on with a CRC-32; begin with 0. */
function crc32(bytes, before = 0) {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = CRC[(value ^ bytes[i]) & 0xff] ^ (value >>> 8);
  return ~value >>> 0;
}

// -- the tree of RFC 6962 ------------------------------------------------------------------------------------------------------

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
const leafHash = (entry) => sha256(LEAF, entry);
const nodeHash = (left, right) => sha256(NODE, left, right);

/** The tree as it grows, with the root after every entry: 32 bytes an entry are all that is kept. */
class History {
  constructor() {
    this.size = 0;
    this.peaks = [];
    this.roots = [];
  }

  append(leaf) {
    this.roots.push(this.root());
    let node = leaf;
    for (let rest = this.size; rest & 1; rest = Math.floor(rest / 2)) node = nodeHash(this.peaks.pop(), node);
    this.peaks.push(node);
    this.size++;
  }

  root() {
    if (!this.peaks.length) return sha256();
    return this.peaks.reduceRight((right, left) => (right ? nodeHash(left, right) : left), null);
  }

  /** The root of the first `size` entries in hex; null where there are fewer. */
  at(size) {
    if (size > this.size) return null;
    return toHex(size === this.size ? this.root() : this.roots[size]);
  }
}
