/**
 * A signed act on its way: sent until the service has answered, and looked for before it is sent again.
 *
 * Between the signature and the answer three things can break, and the person need not know which:
 *
 *   the act did not arrive       it is kept on this device (outbox.js) and sent when the network is back
 *   it arrived, no answer came   the service is asked for it by its statement's digest, and names the receipt
 *   the page was closed          the next page with forms of this person goes on, for an hour
 *
 * The service records a statement once, however often it arrives. `answers` is the address of the receipts:
 * `<answers><digest>/where` gives {"recorded": true, "url": "<receipt>"} or {"recorded": false}, to everybody.
 *
 * @typedef {{action: string, answers: string, slot: string, body: [string, string][]}} Way
 * @typedef {{kind: "recorded", url: string} | {kind: "refused", forget: boolean} | {kind: "unreachable"}} Outcome
 */

import { askJson, sameOrigin } from "./http.js";
import * as outbox from "./outbox.js";
import { element } from "./panel.js";
import { words } from "./strings.js";

const PATIENCE_MS = 20_000;
const AGAIN_MS = 15_000;
const NOBODY_THERE = new Set([408, 429, 502, 503, 504]);
const STILL_GOOD = new Set([401, 403]); // somebody else is signed in, or nobody: the act itself was not judged

/** Send once. @param {Way} way @returns {Promise<Outcome>} */
async function send({ action, body }) {
  try {
    const response = await fetch(sameOrigin(action), {
      method: "POST", body: new URLSearchParams(body), credentials: "same-origin", redirect: "manual",
      headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (NOBODY_THERE.has(response.status)) return { kind: "unreachable" };
    if (response.status !== 200) return { kind: "refused", forget: response.status >= 400 && response.status < 500 && !STILL_GOOD.has(response.status) };
    const answer = await response.json();
    return typeof answer.url === "string" ? { kind: "recorded", url: sameOrigin(answer.url).href } : { kind: "refused", forget: false };
  } catch {
    return { kind: "unreachable" };
  }
}

/** Whether the record has it, and where its receipt is. @param {Way} way @param {string} digest @returns {Promise<Outcome|null>} null where it has not */
async function look({ answers }, digest) {
  try {
    const answer = await askJson(`${answers}${digest}/where`);
    return answer.recorded === true && typeof answer.url === "string" ? { kind: "recorded", url: sameOrigin(answer.url).href } : null;
  } catch {
    return { kind: "unreachable" };
  }
}

/**
 * Send until there is an answer. @param {Way} way @param {string} digest @param {() => void} waits told when the network is away
 * @param {boolean} [sent] it may have arrived before @returns {Promise<Outcome>} recorded or refused
 */
export async function deliver(way, digest, waits, sent = false) {
  for (;;) {
    const outcome = (sent ? await look(way, digest) : null) ?? (await send(way));
    if (outcome.kind !== "unreachable") return outcome;
    sent = true;
    waits();
    await networkBack();
  }
}

/** @returns {Promise<void>} when the browser says that there is a network, and otherwise after a while */
function networkBack() {
  return new Promise((resolve) => {
    const timer = setTimeout(done, AGAIN_MS);
    addEventListener("online", done);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });
}

/** What an earlier page left unanswered: its receipt, or the way to the service. @param {string[]} slots whose forms this page has */
export async function resume(slots) {
  for (const act of await outbox.unanswered()) {
    const found = await look(act.way, act.digest);
    if (found?.kind === "recorded") await arrived(notice(), act, found.url);
    else if (slots.includes(act.way.slot)) await goOn(act);
  }
}

/** @param {outbox.KeptAct & {way: Way}} act */
async function goOn(act) {
  const place = notice();
  const wanted = new Promise((/** @type {(forget: null) => void} */ resolve) => {
    const button = element("button", { class: "btn", type: "button" }, words("act.forget"));
    button.addEventListener("click", () => resolve(null));
    place.replaceChildren(element("p", {}, words("act.unanswered")), element("p", { class: "more" }, button));
  });
  const outcome = await Promise.race([wanted, deliver(act.way, act.digest, () => {}, true)]);
  if (outcome?.kind === "recorded") {
    await arrived(place, act, outcome.url);
    if (isHere(act.way)) location.assign(outcome.url);
    return;
  }
  if (outcome === null || (outcome.kind === "refused" && outcome.forget)) await outbox.forget(act.id);
  place.replaceChildren(element("p", {}, words(outcome === null ? "act.forgotten" : "act.refused-late")));
}

/** Whether this page still offers what has just been done. @param {Way} way */
function isHere({ action, slot }) {
  return Array.from(document.querySelectorAll("form[data-slot]")).some((form) => form.getAttribute("action") === action && form.getAttribute("data-slot") === slot);
}

/** @param {HTMLElement} place @param {outbox.KeptAct} act @param {string} url */
async function arrived(place, act, url) {
  await outbox.forget(act.id);
  place.className = "note note--good";
  place.replaceChildren(element("p", {}, words("act.arrived"), " ", element("a", { href: url }, words("act.receipt"))));
}

/** @returns {HTMLElement} a note before everything else on the page */
function notice() {
  const place = element("div", { class: "note note--warn", role: "status", "data-act-unanswered": "" });
  (document.querySelector("main > .wrap") ?? document.querySelector("main") ?? document.body).prepend(place);
  place.scrollIntoView({ block: "center" });
  return place;
}
