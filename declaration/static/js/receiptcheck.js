/**
 * The page on which a receipt is checked: a file is dropped, chosen or pasted, and read here. There is no request in this module or
 * in those that it uses, so nothing leaves the device, and the page goes on working without a network once it is loaded.
 *
 *   [data-receipt]          the place where files are dropped, with an input of files, a textarea and its button in it
 *   [data-receipt-answer]   where the answer stands, a live region
 *   #receipt-facts          JSON: what the page says of the record (receipt.js, Facts)
 *   #receipt-words          JSON: every word of the answer in the reader's language
 */

import { utf8 } from "./bytes.js";
import { element } from "./panel.js";
import { examine } from "./receipt.js";

/** @typedef {import("./receipt.js").Answer} Answer */
/** @type {{verdicts: Record<string, string>, checks: Record<string, string>, codes: Record<string, string>, answers: Record<string, string>,
 *   says: Record<string, string>, roles: Record<string, string>, terms: Record<string, string>, not_proved: string[]}} */
const words = read("receipt-words");
/** @type {import("./receipt.js").Facts} */
const facts = read("receipt-facts");

const SIGNS = { passed: "yes", failed: "no", told: "heed", skipped: "none" };
const place = /** @type {HTMLElement} */ (document.querySelector("[data-receipt]"));
const answer = /** @type {HTMLElement} */ (document.querySelector("[data-receipt-answer]"));
const chooser = /** @type {HTMLInputElement} */ (place.querySelector("input[type=file]"));
const pasted = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault(); // a file that misses the frame must not replace the page either
    place.classList.add("drop--over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) place.classList.remove("drop--over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  place.classList.remove("drop--over");
  const file = event.dataTransfer?.files[0];
  if (file) void checkFile(file);
});
chooser.addEventListener("change", () => {
  if (chooser.files?.[0]) void checkFile(chooser.files[0]);
  chooser.value = ""; // the same file can be chosen again after it was mended
});
document.addEventListener("paste", (event) => {
  const file = event.clipboardData?.files[0];
  if (file) void checkFile(file);
});
place.querySelector("[data-receipt-pasted]")?.addEventListener("click", () => void check(utf8(`${pasted.value.replace(/\s+$/, "")}\n`), ""));
place.hidden = false;

/** @param {File} file */
async function checkFile(file) {
  const most = 1024 * 1024; // a receipt has at most 256 KiB; what is longer is not read to its end
  await check(new Uint8Array(await file.slice(0, most).arrayBuffer()), file.name);
}

/** @param {Uint8Array} bytes @param {string} name of the file */
async function check(bytes, name) {
  answer.replaceChildren();
  if (!globalThis.crypto?.subtle) {
    show("impossible", say(words.codes["no-crypto"]), []);
    return;
  }
  try {
    const { answers, receipt } = await examine(bytes, facts);
    const failed = answers.find((one) => one.answer === "failed");
    show(failed ? "failed" : "passed", failed ? `${words.checks[failed.check]}: ${explained(failed)}` : sentence(receipt), answers, receipt, name);
  } catch (error) {
    console.error(error);
    show("failed", say(words.codes.unexpected), []);
  }
}

/** @param {string} kind @param {string} first @param {Answer[]} answers @param {import("./receipt.js").Receipt|null} [receipt] @param {string} [name] */
function show(kind, first, answers, receipt = null, name = "") {
  const heading = element("h2", { tabindex: "-1" }, words.verdicts[kind]);
  const said = element("div", {}, heading, element("p", {}, first));
  if (name) said.append(element("p", { class: "meta" }, `${words.terms.file} ${name}`));
  const verdict = element("section", { class: kind === "passed" ? "verdict" : "verdict verdict--bad" }, markOf(kind), said);
  const list = answers.map((one) => element("li", { class: one.answer === "passed" ? "checks__yes" : "checks__no", "data-check": one.check, "data-answer": one.answer },
    element("i", { class: `sign sign--${SIGNS[one.answer]}`, "aria-hidden": "true" }),
    element("span", {}, element("span", { class: "vh" }, `${words.answers[one.answer]} `), words.checks[one.check], element("br", {}),
      element("span", { class: "meta" }, explained(one)))));
  const parts = [verdict];
  if (list.length > 0) parts.push(part(words.terms.checks, element("ul", { class: "checks" }, ...list)));
  const whole = answers.find((one) => one.check === "form")?.answer === "passed";
  if (receipt && whole) parts.push(part(words.terms.says, statementOf(receipt)));
  if (answers.length > 0) parts.push(part(words.terms.not_proved, element("ul", { class: "bullets meta" }, ...words.not_proved.map((one) => element("li", {}, one)))));
  answer.replaceChildren(...parts);
  heading.focus();
}

/** The drawn mark beside a verdict, as the page's templates have it. @param {string} kind */
function markOf(kind) {
  const drawn = document.querySelector(`template[data-receipt-mark="${kind === "passed" ? "passed" : "failed"}"]`);
  return drawn instanceof HTMLTemplateElement ? drawn.content.cloneNode(true) : "";
}

/** @param {string} heading @param {HTMLElement} body */
function part(heading, body) {
  return element("section", { class: "stack stack--tight" }, element("h3", { class: "section-head" }, heading), body);
}

/** The statement in words, and everything that identifies it. @param {import("./receipt.js").Receipt} receipt */
function statementOf(receipt) {
  const { statement, at, index, claimed, digest } = receipt;
  const rows = [
    [words.terms.act, sentence(receipt), ""], [words.terms.received, at, ""], [words.terms.party, statement.by.party, "hash"],
    [words.terms.key, statement.by.key, "hash"], [words.terms.object, String(statement.object ?? "–"), "hash"],
    ...Object.entries(statement.texts ?? {}).map(([lang, hash]) => [`${words.terms.text} ${lang}`, String(hash), "hash"]),
    [words.terms.statement, digest, "hash"], [words.terms.entry, String(index), ""], [words.terms.size, String(claimed.size), ""],
    [words.terms.root, Array.from(claimed.root, (byte) => byte.toString(16).padStart(2, "0")).join(""), "hash"],
  ];
  const list = element("dl", { class: "facts" }, ...rows.map(([term, value, look]) =>
    element("div", {}, element("dt", {}, term), element("dd", look ? { class: look } : {}, value))));
  const raw = element("details", {}, element("summary", {}, words.terms.letter), element("pre", { class: "cmd", tabindex: "0", "aria-label": words.terms.letter },
    element("code", {}, new TextDecoder().decode(receipt.message))));
  return element("div", { class: "stack stack--tight" }, list, raw);
}

/** Who did what, in words. @param {import("./receipt.js").Receipt|null} receipt */
function sentence(receipt) {
  if (receipt === null) return "";
  const { by, type } = receipt.statement;
  const known = Object.hasOwn(facts.keys, by.key) ? facts.keys[by.key] : undefined;
  const who = known && known.party === by.party ? known.name : by.party;
  return say(words.terms.sentence, { who, role: words.roles[by.role] ?? by.role, does: words.says[type] ?? type, when: receipt.at });
}

/** @param {Answer} one */
function explained(one) {
  return say(words.codes[one.code || `${one.check}.passed`] ?? words.codes.unexpected, { ...one.values, code: one.code });
}

/** @param {string} text @param {Record<string, string|number>} [values] */
function say(text, values = {}) {
  return text.replace(/\{([a-z]+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} id */
function read(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}");
}
