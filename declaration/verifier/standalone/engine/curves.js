// The points of Ed25519. WebCrypto verifies signatures and forgives keys that no signature should be believed of: the identity point,
// for which one signature is valid for every message, and keys with a part of small order. They are refused here, with arithmetic of
// our own on public values (nothing secret passes through this file, so it need not take constant time).

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const LOW_255 = 2n ** 255n - 1n;

function mod(value) {
  // 2^255 is 19 modulo P: folding is far cheaper than dividing.
  value = (value & LOW_255) + 19n * (value >> 255n);
  value = (value & LOW_255) + 19n * (value >> 255n);
  return value >= P ? value - P : value;
}

function power(base, exponent) {
  let out = 1n;
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if (bits & 1n) out = mod(out * base);
    base = mod(base * base);
  }
  return out;
}

const D = mod((P - 121665n) * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

function littleEndian(bytes) {
  let hex = "0x";
  for (let i = bytes.length - 1; i >= 0; i--) hex += HEX[bytes[i]];
  return BigInt(hex);
}

/** x and y of an encoded point; null where the encoding is not canonical or there is no such point. */
function decompressed(bytes) {
  const encoded = littleEndian(bytes);
  const y = encoded & LOW_255;
  const odd = encoded >> 255n;
  if (y >= P) return null;
  const y2 = mod(y * y);
  const u = mod(y2 + P - 1n);
  const v = mod(mod(D * y2) + 1n);
  const v3 = mod(mod(v * v) * v);
  let x = mod(mod(u * v3) * power(mod(u * mod(mod(v3 * v3) * v)), (P - 5n) / 8n));
  const check = mod(v * mod(x * x));
  if (check !== u) {
    if (check !== mod(P - u)) return null;
    x = mod(x * ROOT_OF_MINUS_ONE);
  }
  if (x === 0n && odd) return null;
  return [(x & 1n) === odd ? x : P - x, y];
}

// Extended coordinates [X, Y, Z, T], formulas of Hisil, Wong, Carter and Dawson for a = -1.
function doubled([x, y, z]) {
  const a = x * x;
  const b = y * y;
  const sum = mod(x + y);
  const e = mod(sum * sum - a - b + 4n * P * P);
  const am = mod(a);
  const bm = mod(b);
  const g = mod(bm + P - am);
  const f = mod(g + 2n * P - mod(2n * mod(z * z)));
  const h = mod(2n * P - am - bm);
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 + P - x1) * (y2 + P - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(mod(t1 * t2) * 2n * D);
  const d = mod(2n * z1 * z2);
  const e = mod(b + P - a);
  const f = mod(d + P - c);
  const g = mod(d + c);
  const h = mod(b + a);
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

const ORDER_BITS = ORDER.toString(2);
const judged = new Map();

/** A key that a signature can be believed of: canonical, on the curve, of the group of prime order and not its neutral element. */
function isStrongEd25519(bytes) {
  const name = LATIN.decode(bytes);
  if (!judged.has(name)) judged.set(name, computeStrong(bytes));
  return judged.get(name);
}

function computeStrong(bytes) {
  if (isOfSmallOrder(bytes)) return false;
  const point = decompressed(bytes);
  if (!point) return false;
  const start = [point[0], point[1], 1n, mod(point[0] * point[1])];
  let walk = start;
  for (let i = 1; i < ORDER_BITS.length; i++) {
    walk = doubled(walk);
    if (ORDER_BITS[i] === "1") walk = added(walk, start);
  }
  return walk[0] === 0n && walk[1] === walk[2];
}

const SMALL_Y = new Set([0n, 1n, P - 1n, P, P + 1n, ...ofOrderEight()]);

function ofOrderEight() {
  // y^2 of a point of order eight: doubling it gives y = 0, that is -x^2 = y^2 and with the curve's equation D y^4 + 2 y^2 - 1 = 0.
  const root = squareRoot(mod(1n + D));
  const found = [];
  for (const sign of [root, mod(P - root)]) {
    const square = mod(mod(P - 1n + sign) * power(D, P - 2n));
    const y = squareRoot(square);
    if (y !== null) found.push(y, mod(P - y));
  }
  return found;
}

function squareRoot(value) {
  const candidate = power(value, (P + 3n) / 8n);
  if (mod(candidate * candidate) === value) return candidate;
  const other = mod(candidate * ROOT_OF_MINUS_ONE);
  return mod(other * other) === value ? other : null;
}

/** Whether an encoding is one of the few whose point has order 1, 2, 4 or 8, in whatever spelling. */
const isOfSmallOrder = (bytes) => SMALL_Y.has(littleEndian(bytes) & LOW_255);

/** Ed25519 in the strict reading: S below the group order, neither R nor the key of small order, the key canonical. */
async function verifyEd25519(point, signature, message) {
  if (littleEndian(signature.subarray(32)) >= ORDER) return false;
  if (isOfSmallOrder(signature.subarray(0, 32)) || isOfSmallOrder(point) || (littleEndian(point) & LOW_255) >= P) return false;
  try {
    return await crypto.subtle.verify("Ed25519", await importedKey("Ed25519", point), signature, message);
  } catch (error) {
    if (error.name === "NotSupportedError") throw error;
    return false;
  }
}

const P256_ORDER = fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

const belowP256Order = (bytes) => toHex(bytes) < toHex(P256_ORDER);

async function verifyP256(point, signature, message) {
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, await importedKey("P-256", point), signature, message);
}

/** Whether the point is on P-256: browsers refuse to import one that is not. */
async function isOnP256(point) {
  if (point.length !== 65 || point[0] !== 4) return false;
  try {
    await importedKey("P-256", point);
    return true;
  } catch {
    return false;
  }
}

const imported = new Map();

function importedKey(kind, point) {
  const name = kind + LATIN.decode(point);
  if (!imported.has(name)) {
    if (imported.size > 4096) imported.clear();
    const algorithm = kind === "Ed25519" ? kind : { name: "ECDSA", namedCurve: kind };
    imported.set(name, crypto.subtle.importKey("raw", point, algorithm, false, ["verify"]));
  }
  return imported.get(name);
}

/** Whether this browser can verify Ed25519 at all; those before 2023 (Safari), 2024 (Firefox) and 2025 (Chromium) cannot. */
async function knowsEd25519() {
  try {
    const generator = fromHex("5866666666666666666666666666666666666666666666666666666666666666");
    await crypto.subtle.importKey("raw", generator, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}
