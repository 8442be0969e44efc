/**
 * The record, as this device has seen it: each checkpoint must extend the last one that was verified here.
 *
 * This is what keeps a service from showing different histories to different parties: this device cites the checkpoint
 * in every act (`seen`), and never accepts one that does not contain everything it saw before. Steps:
 *
 *   1. fetch `<url>checkpoint` and verify its signature and origin (checkpoint.js)
 *   2. the first one ever seen is remembered
 *   3. the same size must have the same root; a smaller size is refused
 *   4. a larger size must come with a consistency proof: `<url>consistency?old=N&new=M` gives {"proof":["<hex>",…]}
 *   5. what was verified is remembered, unless another tab has remembered a larger one meanwhile
 *
 * Where 3 or 4 fails, both signed checkpoints are given as evidence: two of them that cannot both be true prove, to
 * anybody, that the service has said both. The remembered one is kept, so the refusal stays until the matter is cleared.
 * A record without entries (before its constitution) is of size 0 and is a beginning of every record.
 */

import { equal, fromHex, fromUtf8, toHex } from "./bytes.js";
import { openCheckpoint, seen } from "./checkpoint.js";
import { Refusal } from "./errors.js";
import { askBytes, askJson } from "./http.js";
import { verifyConsistency } from "./merkle.js";
import * as store from "./store.js";

/** @typedef {{log: string, size: number, root: string, note: string}} Memory */

/**
 * @param {{log: string, url: string, vkey: string}} record origin, address of its folder, verifier key
 * @returns {Promise<string>} the value of `seen`
 */
export async function latest({ log, url, vkey }) {
  const folder = url.endsWith("/") ? url : `${url}/`;
  const note = await askBytes(`${folder}checkpoint`);
  const fresh = { ...(await openCheckpoint(note, vkey, log)), note: fromUtf8(note) };
  const known = await recall(log);
  if (known !== null) await requireExtends(known, fresh, folder);
  await remember(log, fresh);
  return seen(fresh);
}

/** @typedef {import("./checkpoint.js").Checkpoint & {note: string}} Signed */

/** @param {Signed} known @param {Signed} fresh @param {string} folder */
async function requireExtends(known, fresh, folder) {
  const evidence = `${known.note}\n${fresh.note}`;
  const values = { old: known.size, new: fresh.size };
  if (fresh.size < known.size) throw new Refusal("record.shorter", values, evidence);
  if (fresh.size === known.size) {
    if (!equal(fresh.root, known.root)) throw new Refusal("record.fork", values, evidence);
    return;
  }
  if (known.size === 0) return;
  const answer = await askJson(`${folder}consistency?old=${known.size}&new=${fresh.size}`);
  try {
    await verifyConsistency(known, fresh, answer.proof.map(fromHex));
  } catch {
    throw new Refusal("record.fork", values, evidence);
  }
}

/** @param {string} log @returns {Promise<Signed|null>} */
async function recall(log) {
  /** @type {Memory|undefined} */
  const memory = await store.get("checkpoints", log);
  return memory ? { origin: log, size: memory.size, root: fromHex(memory.root), note: memory.note } : null;
}

/** @param {string} log @param {Signed} fresh */
async function remember(log, fresh) {
  const known = await recall(log);
  if (known !== null && known.size >= fresh.size) return;
  await store.put("checkpoints", { log, size: fresh.size, root: toHex(fresh.root), note: fresh.note });
}
