/**
 * Acts that were signed here and whose answer has not been seen: nothing lost, nothing signed twice.
 *
 * Between the signature and the answer the connection may break, and the person presses again. A second signature over
 * a new nonce would be a second act. So a signed act is stored before it is sent, under a digest of what the person
 * decided (not of nonce, `seen` and salts), and the same decision within an hour is sent again with the same bytes; the
 * service refuses a repeated digest, so it cannot count twice. The service's next page names the digests that it has
 * recorded or refused in `data-act-settled`, and they are forgotten. With the act is kept which way it goes (delivery.js),
 * so that another page can go on where this one was closed.
 */

import { canonicalBytes } from "./canonical.js";
import { sha256Hex, utf8 } from "./bytes.js";
import * as store from "./store.js";

const LIFE_MS = 60 * 60 * 1000;

/**
 * @typedef {{statement: string, signature: string, fields: Record<string, string>}} SignedAct
 * @typedef {SignedAct & {id: string, at: number, digest: string, way?: import("./delivery.js").Way}} KeptAct
 */

/**
 * Name of a decision. `content` is left out: it is the digest of a document with a fresh salt; its words are in `typed`.
 * @param {import("./statement.js").Template} template @param {string} key fingerprint @param {[string, string][]} typed
 * @returns {Promise<string>}
 */
export async function decisionId(template, key, typed) {
  const { content, ...body } = template.body;
  const salted = typed.length > 0 ? null : content ?? null;
  return sha256Hex(canonicalBytes({ content: salted, key, template: { ...template, body }, typed }));
}

/** @param {string} id @returns {Promise<KeptAct|null>} */
export async function recall(id) {
  return (await alive()).find((act) => act.id === id) ?? null;
}

/** @param {string} id @param {SignedAct} act @returns {Promise<KeptAct>} */
export async function keep(id, act) {
  const kept = { id, at: Date.now(), digest: await sha256Hex(utf8(act.statement)), ...act };
  await store.put("acts", kept);
  return kept;
}

/** Which way an act goes, once that is known. @param {KeptAct} act @param {import("./delivery.js").Way} way */
export async function address(act, way) {
  await store.put("acts", { ...act, way });
}

/** Acts that were on their way and have no answer, the oldest first. @returns {Promise<(KeptAct & {way: import("./delivery.js").Way})[]>} */
export async function unanswered() {
  return (await alive()).filter((act) => act.way !== undefined).sort((a, b) => a.at - b.at);
}

/** @param {string} id */
export async function forget(id) {
  await store.remove("acts", id);
}

/** What is not too old to be sent; the rest is forgotten. @returns {Promise<any[]>} */
async function alive() {
  const acts = await store.all("acts");
  const old = acts.filter((act) => Date.now() - act.at > LIFE_MS || act.at > Date.now());
  for (const act of old) await store.remove("acts", act.id);
  return acts.filter((act) => !old.includes(act));
}

/** Forget the acts that this page says have been answered. @param {ParentNode} page */
export async function settle(page) {
  const digests = Array.from(page.querySelectorAll("[data-act-settled]"), (element) => element.getAttribute("data-act-settled") ?? "");
  const answered = new Set(digests.flatMap((value) => value.split(/\s+/)).filter(Boolean));
  if (answered.size === 0) return;
  for (const act of await store.all("acts")) if (answered.has(act.digest)) await store.remove("acts", act.id);
}
