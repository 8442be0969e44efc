/**
 * A receipt: what a signer keeps (the service's protocol.receipt has the format). Six parts, an empty line between them:
 *
 *   declaration-receipt@v1 LF entry
 *   c2sp.org/tlog-proof@v1 LF index N LF hashes, base64, leaf to root
 *   checkpoint that the proof leads to      its signatures
 *   checkpoint of the constitution          its signatures
 *
 * `examine` asks everything that can be asked without the rest of the record, in this order, and says of each question how it was
 * answered: "passed", "failed" (with the code of the failure), "skipped" (it rests on one that failed, or there is nothing to ask)
 * or "told" (the page's word, which a receipt cannot prove). Nothing is sent anywhere.
 *
 *   form         the file is a whole receipt
 *   forum        it is of the record that this page is about
 *   checkpoint   the record's key has signed its checkpoint, and that of its constitution
 *   root         its constitution is the root of trust that this page shows
 *   inclusion    the entry, byte for byte, stands in the record of that checkpoint
 *   signature    the key that the statement names has signed it, for this act and this record
 *   text         a signature of the Declaration names the adopted text, in every authentic language
 *   who          that key was accredited for that party before
 *   witnesses    cosignatures of witnesses that this page knows
 */

import { concat, equal, fromBase64, fromUtf8, sha256Hex, toHex, utf8 } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { openCheckpoint, parseCheckpoint } from "./checkpoint.js";
import { Refusal } from "./errors.js";
import { leafHash, verifyInclusion } from "./merkle.js";
import { verifyEd25519, verifySshsig } from "./verifying.js";

export const CHECKS = ["form", "forum", "checkpoint", "root", "inclusion", "signature", "text", "who", "witnesses"];
const HEADER = "declaration-receipt@v1";
const PROOF = "c2sp.org/tlog-proof@v1";
const MAX_BYTES = 256 * 1024;
const MAX_PATH = 64;
const WITNESS_TYPE = 4;

/**
 * @typedef {{origin: string, vkey: string, root: string, adopted: string|null, texts: Record<string, string>,
 *   passkeys: import("./verifying.js").Passkeys, witnesses: {name: string, vkey: string}[],
 *   keys: Record<string, {party: string, role: string, name: string, entry: number, ended: number|null}>}} Facts
 * @typedef {{check: string, answer: "passed"|"failed"|"skipped"|"told", code: string, values: Record<string, string|number>}} Answer
 * @typedef {{entry: Uint8Array<ArrayBuffer>, at: string, signature: Uint8Array<ArrayBuffer>, statement: any, message: Uint8Array<ArrayBuffer>,
 *   digest: string, index: number, proof: Uint8Array<ArrayBuffer>[], claimed: import("./checkpoint.js").Checkpoint,
 *   checkpoint: Uint8Array<ArrayBuffer>, constitution: Uint8Array<ArrayBuffer>}} Receipt
 */

/** @param {Uint8Array} bytes @param {Facts} facts @returns {Promise<{answers: Answer[], receipt: Receipt|null}>} */
export async function examine(bytes, facts) {
  /** @type {Answer[]} */
  const answers = [];
  /** @type {Receipt|null} */
  let receipt = null;
  let stopped = false;
  /** @param {string} check @param {() => Promise<Partial<Answer>|void>} question @param {boolean} [stops] */
  const ask = async (check, question, stops = false) => {
    const answer = /** @type {Answer} */ ({ check, answer: "passed", code: "", values: {} });
    answers.push(answer);
    if (stopped) return void Object.assign(answer, { answer: "skipped", code: "earlier" });
    try {
      Object.assign(answer, await question());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      Object.assign(answer, { answer: "failed", code: error.code, values: error.values });
      stopped = stops;
    }
  };
  await ask("form", async () => void (receipt = await parseReceipt(bytes)), true);
  const found = /** @type {Receipt} */ (/** @type {unknown} */ (receipt));
  await ask("forum", async () => requireForum(found, facts), true);
  await ask("checkpoint", async () => {
    await openCheckpoint(found.checkpoint, facts.vkey, facts.origin);
    await openCheckpoint(found.constitution, facts.vkey, facts.origin);
    return { values: { size: found.claimed.size } };
  });
  await ask("root", async () => requireRoot(found, facts));
  await ask("inclusion", async () => {
    await verifyInclusion(await leafHash(found.entry), found.index, found.claimed, found.proof);
    return { values: { index: found.index, size: found.claimed.size } };
  });
  await ask("signature", async () => {
    const { statement: { type, log, by }, signature, message } = found;
    const kind = await verifySshsig(signature, { key: by.key, namespace: `${type}@${log}`, message, passkeys: facts.passkeys });
    return { values: { kind } };
  });
  await ask("text", async () => requireText(found, facts));
  await ask("who", async () => toldWho(found, facts));
  await ask("witnesses", async () => cosigners(found, facts));
  return { answers, receipt };
}

/** @param {Uint8Array} bytes @returns {Promise<Receipt>} */
export async function parseReceipt(bytes) {
  if (bytes.length === 0) throw new Refusal("form.empty");
  if (bytes.length > MAX_BYTES) throw new Refusal("form.size");
  let text;
  try {
    text = fromUtf8(bytes);
  } catch {
    throw new Refusal("form.other");
  }
  if (!text.startsWith(`${HEADER}\n`)) throw new Refusal(text.startsWith(`${HEADER}\r\n`) ? "form.line-ends" : "form.other");
  if (text.includes("\r")) throw new Refusal("form.line-ends");
  const parts = text.split("\n\n");
  if (parts.length < 6 || !text.endsWith("\n")) throw new Refusal("form.truncated", { parts: parts.length });
  if (parts.length > 6 || parts.some((part) => part.startsWith("\n"))) throw new Refusal("form.more");
  const line = parts[0].slice(HEADER.length + 1);
  const claimed = parsed(() => parseCheckpoint(`${parts[2]}\n`), "form.checkpoint");
  parsed(() => parseCheckpoint(`${parts[4]}\n`), "form.checkpoint");
  return {
    ...(await parseEntry(line)), ...parseProof(parts[1]), claimed, checkpoint: utf8(`${parts[2]}\n\n${parts[3]}\n`),
    constitution: utf8(`${parts[4]}\n\n${parts[5]}`),
  };
}

/** @param {string} line */
async function parseEntry(line) {
  const value = parsed(() => parseCanonical(line), "form.entry");
  const names = typeof value === "object" && value !== null ? Object.keys(value).sort().join() : "";
  const statement = value?.statement;
  const { by, type, log } = statement ?? {};
  const whole = names === "at,signature,statement" && [value.at, value.signature, type, log, by?.key, by?.party, by?.role].every((one) => typeof one === "string");
  if (!whole) throw new Refusal("form.entry");
  const signature = parsed(() => fromBase64(value.signature), "form.entry");
  const message = utf8(line.slice(line.indexOf('"statement":') + '"statement":'.length, -1)); // the two before it are plain ASCII
  return { entry: utf8(line), at: value.at, signature, statement, message, digest: await sha256Hex(message) };
}

/** @param {string} part */
function parseProof(part) {
  const [header, place, ...lines] = part.split("\n");
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(place ?? "");
  if (header !== PROOF || !index || lines.length > MAX_PATH) throw new Refusal("form.proof");
  const proof = parsed(() => lines.map((line) => fromBase64(line)), "form.proof");
  if (proof.some((hash) => hash.length !== 32)) throw new Refusal("form.proof");
  return { index: Number(index[1]), proof };
}

/** @param {Receipt} found @param {Facts} facts */
function requireForum({ claimed, statement }, { origin }) {
  for (const other of [claimed.origin, statement.log]) if (other !== origin) throw new Refusal("forum.other", { other, origin });
}

/** @param {Receipt} found @param {Facts} facts */
async function requireRoot({ constitution, index, entry }, { root }) {
  const first = parseCheckpoint(`${fromUtf8(constitution).split("\n\n")[0]}\n`);
  if (first.size !== 1 || toHex(first.root) !== root) throw new Refusal("root.other", { other: toHex(first.root) });
  if (index === 0 && !equal(await leafHash(entry), first.root)) throw new Refusal("root.other", { other: toHex(await leafHash(entry)) });
}

/** @param {Receipt} found @param {Facts} facts @returns {Partial<Answer>} */
function requireText({ statement }, { adopted, texts }) {
  if (!["endorsement.sign-v1", "endorsement.countersign-v1"].includes(statement.type)) return { answer: "skipped", code: "no-text" };
  const named = statement.texts ?? {};
  const same = Object.keys(named).sort().join() === Object.keys(texts).sort().join() && Object.keys(texts).every((lang) => named[lang] === texts[lang]);
  if (!same || (statement.type === "endorsement.sign-v1" && statement.object !== adopted)) throw new Refusal("text.other");
  return { values: { languages: Object.keys(texts).sort().join(", ") } };
}

/** @param {Receipt} found @param {Facts} facts @returns {Partial<Answer>} */
function toldWho({ statement: { by }, index }, { keys }) {
  const key = Object.hasOwn(keys, by.key) ? keys[by.key] : undefined;
  if (key === undefined) return { answer: "skipped", code: "key-unknown" };
  const began = key.entry < index || (key.entry === 0 && index === 0);
  const stood = key.ended === null || index <= key.ended;
  if (key.party !== by.party || key.role !== by.role || !began || !stood) throw new Refusal("who.none", { name: key.name, entry: key.entry });
  return { answer: "told", values: { name: key.name, party: key.party, entry: key.entry } };
}

/**
 * Cosignatures (c2sp.org/tlog-cosignature): `cosignature/v1 LF time T LF` and the text of the note, by a key of type 04.
 * @param {Receipt} found @param {Facts} facts @returns {Promise<Partial<Answer>>}
 */
async function cosigners({ checkpoint }, { witnesses }) {
  const [text, lines] = fromUtf8(checkpoint).split("\n\n");
  const names = [];
  for (const line of lines.split("\n")) {
    const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
    const data = match ? fromBase64(match[2]) : new Uint8Array();
    for (const { name, vkey } of witnesses) {
      const [, id, encoded] = /^[^+]+\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? ["", "", ""]; // base64 has plus signs of its own
      const key = fromBase64(encoded);
      if (match?.[1] !== name || toHex(data.slice(0, 4)) !== id || key[0] !== WITNESS_TYPE || data.length !== 76) continue;
      const time = new DataView(data.buffer, data.byteOffset + 4, 8).getBigUint64(0);
      const valid = await verifyEd25519(concat(key.slice(1)), concat(data.slice(12)), utf8(`cosignature/v1\ntime ${time}\n${text}\n`));
      if (!valid) throw new Refusal("witness.wrong", { name });
      names.push(name);
    }
  }
  return names.length > 0 ? { values: { names: names.join(", "), count: names.length } } : { answer: "skipped", code: "no-witness" };
}

/** @template T @param {() => T} question @param {string} code @returns {T} */
function parsed(question, code) {
  try {
    return question();
  } catch {
    throw new Refusal(code);
  }
}
