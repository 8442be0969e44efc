/**
 * Merkle trees of RFC 6962: what a record of `size` entries hashes to, and that one tree extends another.
 *
 *   node(left, right) = SHA-256(01 ‖ left ‖ right)      root of no entries = SHA-256 of nothing
 *
 * `verifyConsistency` is RFC 9162 section 2.1.4.2, with its step numbers. The algorithm as printed accepts proofs whose
 * hashes are not hashes, and says nothing of empty trees: here every hash is exactly 32 bytes and size 0 is refused.
 * `verifyInclusion` is section 2.1.3.2 in the same reading. Sizes are safe integers; they are shifted as BigInt because JavaScript's bit operators stop at 32 bits.
 */

import { concat, equal, sha256 } from "./bytes.js";
import { Refusal } from "./errors.js";

/** @returns {Promise<Uint8Array<ArrayBuffer>>} */
export function emptyRoot() {
  return sha256(new Uint8Array());
}

/** @param {Uint8Array} left @param {Uint8Array} right @returns {Promise<Uint8Array<ArrayBuffer>>} */
export function nodeHash(left, right) {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/**
 * Prove that the tree of `newer` begins with the tree of `older`; throws `proof.invalid` where it does not.
 * @param {{size: number, root: Uint8Array}} older
 * @param {{size: number, root: Uint8Array}} newer
 * @param {Uint8Array[]} proof
 */
export async function verifyConsistency(older, newer, proof) {
  const hashes = [older.root, newer.root, ...proof];
  const sizes = [older.size, newer.size];
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0) || older.size > newer.size) invalid();
  if (hashes.some((hash) => hash.length !== 32)) invalid();
  if (older.size === newer.size) {
    if (proof.length > 0 || !equal(older.root, newer.root)) invalid();
    return;
  }
  if (proof.length === 0) invalid(); // step 1
  let fn = BigInt(older.size) - 1n; // step 3
  let sn = BigInt(newer.size) - 1n;
  const isPowerOfTwo = (BigInt(older.size) & fn) === 0n;
  const path = isPowerOfTwo ? [older.root, ...proof] : proof; // step 2
  while (fn & 1n) { // step 4
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = path[0]; // step 5
  let sr = path[0];
  for (const hash of path.slice(1)) { // step 6
    if (sn === 0n) invalid(); // 6a
    if (fn & 1n || fn === sn) { // 6b
      fr = await nodeHash(hash, fr);
      sr = await nodeHash(hash, sr);
      while (fn !== 0n && !(fn & 1n)) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else { // 6c
      sr = await nodeHash(sr, hash);
    }
    fn >>= 1n; // 6d
    sn >>= 1n;
  }
  if (sn !== 0n || !equal(fr, older.root) || !equal(sr, newer.root)) invalid(); // step 7
}

/**
 * Prove that a leaf stands at this index of a tree (RFC 9162 section 2.1.3.2); throws `proof.invalid` where it does not.
 * @param {Uint8Array} leaf @param {number} index @param {{size: number, root: Uint8Array}} tree @param {Uint8Array[]} proof
 */
export async function verifyInclusion(leaf, index, { size, root }, proof) {
  if (![index, size].every((each) => Number.isSafeInteger(each) && each >= 0) || index >= size) invalid(); // step 1
  if ([leaf, root, ...proof].some((hash) => hash.length !== 32)) invalid();
  let fn = BigInt(index); // step 2
  let sn = BigInt(size) - 1n;
  let r = leaf; // step 3
  for (const hash of proof) { // step 4
    if (sn === 0n) invalid(); // 4a
    if (fn & 1n || fn === sn) { // 4b
      r = await nodeHash(hash, r);
      while (fn !== 0n && !(fn & 1n)) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else { // 4c
      r = await nodeHash(r, hash);
    }
    fn >>= 1n; // 4d
    sn >>= 1n;
  }
  if (sn !== 0n || !equal(r, root)) invalid(); // step 5
}

/** The hash of an entry as a leaf: SHA-256(00 ‖ entry). @param {Uint8Array} entry @returns {Promise<Uint8Array<ArrayBuffer>>} */
export function leafHash(entry) {
  return sha256(concat(Uint8Array.of(0), entry));
}

/** @returns {never} */
function invalid() {
  throw new Refusal("proof.invalid");
}
