/**
 * Acts that were signed here and whose answer has not been seen: nothing lost, nothing signed twice.
 *
 * Between the signature and the answer the connection may break, and the person presses again. A second signature over
 * a new nonce would be a second act. So a signed act is stored before it is sent, under a digest of what the person
 * decided (not of nonce, `seen` and salts), and the same decision within an hour is sent again with the same bytes; the
 * service refuses a repeated digest, so it cannot count twice. The service's next page names the digests that it has
 * recorded or refused in `data-act-settled`, and they are forgotten.
 */

import { canonicalBytes } from "./canonical.js";
import { sha256Hex, utf8 } from "./bytes.js";
import * as store from "./store.js";

const LIFE_MS = 60 * 60 * 1000;

/** @typedef {{statement: string, signature: string, fields: Record<string, string>}} SignedAct */

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

/** @param {string} id @returns {Promise<SignedAct|null>} */
export async function recall(id) {
  for (const act of await store.all("acts")) {
    if (Date.now() - act.at > LIFE_MS || act.at > Date.now()) await store.remove("acts", act.id);
    else if (act.id === id) return act;
  }
  return null;
}

/** @param {string} id @param {SignedAct} act */
export async function keep(id, act) {
  await store.put("acts", { id, at: Date.now(), digest: await sha256Hex(utf8(act.statement)), ...act });
}

/** Forget the acts that this page says have been answered. @param {ParentNode} page */
export async function settle(page) {
  const digests = Array.from(page.querySelectorAll("[data-act-settled]"), (element) => element.getAttribute("data-act-settled") ?? "");
  const answered = new Set(digests.flatMap((value) => value.split(/\s+/)).filter(Boolean));
  if (answered.size === 0) return;
  for (const act of await store.all("acts")) if (answered.has(act.digest)) await store.remove("acts", act.id);
}
