/**
 * The editor of a draft never loses a word: what is typed is kept on this device until the service has saved it.
 *
 *   <form data-draft="…" data-draft-owner="…" data-draft-page="/…" [data-draft-saved]> … <input name="key"> … </form>
 *   [data-draft-kept] with [data-draft-kept-at], [data-draft-bring], [data-draft-forget]: words of an earlier visit
 *   [data-draft-offline], [data-draft-queued]: shown while there is no network, and while something waits to be sent
 *
 * A press on save, ask or release is sent by this script; where nobody answers it waits and is sent again: when the network is
 * back, when the page is looked at, and from time to time. Anything but success is left to the browser, which shows the page that
 * the service answers with. Every other button goes its ordinary way. Without this script the form works as any form does.
 */

import * as kept from "./kept.js";
import { send } from "./sending.js";

const PAUSE_MS = 300;
const AGAIN_MS = 15_000;
const SENT_HERE = new Set(["save", "ask", "release"]);

/** @param {HTMLFormElement} form */
function start(form) {
  const owner = form.dataset.draftOwner ?? "", draft = form.dataset.draft ?? "", saved = "draftSaved" in form.dataset;
  const rendered = fields();
  const slots = kept.all(owner, draft);
  const own = slots.find(([, slot]) => kept.field(slot.fields, "key") === kept.field(rendered, "key"));
  const name = own?.[0] ?? kept.fresh(owner, draft);
  /** @type {string|null} */
  let queued = null;
  let timer = 0, native = false, sending = false;

  const waiting = slots.filter(([other, slot]) => other !== name && (!kept.same(slot.fields, rendered) || (kept.remove(other), false)));
  offer();
  if (!saved && own) keep(); // the same form again, as the service has drawn it
  const late = waiting.find(([, slot]) => slot.queued);
  if (late) attemptLate(late).catch(() => {});

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  addEventListener("pagehide", () => { if (timer) keep(); });
  addEventListener("online", () => { connection(); attempt(); });
  addEventListener("offline", connection);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") attempt(); else if (timer) keep(); });
  setInterval(attempt, AGAIN_MS);
  form.addEventListener("submit", (event) => {
    const what = /** @type {HTMLButtonElement|null} */ (event.submitter)?.value ?? "save";
    if (native) return;
    keep();
    if (!SENT_HERE.has(what)) {
      if (navigator.onLine) return;
      event.preventDefault();
      connection();
      return;
    }
    event.preventDefault();
    queued = what;
    keep();
    connection();
    attempt();
  });
  connection();

  /** @returns {[string, string][]} */
  function fields() {
    return /** @type {[string, string][]} */ (Array.from(new FormData(form)).filter(([, value]) => typeof value === "string"));
  }

  function keep() {
    clearTimeout(timer);
    timer = 0;
    const now = fields();
    if (saved && !queued && kept.same(now, rendered)) kept.remove(name); // as it was saved: nothing to keep
    else kept.put(name, { at: Date.now(), title: document.querySelector("h1")?.textContent ?? "", page: form.dataset.draftPage ?? "", action: form.action, fields: now, queued });
  }

  async function attempt() {
    if (!queued || sending) return;
    sending = true;
    form.setAttribute("aria-busy", "true");
    const what = queued;
    const outcome = await send(form.action, fields(), what);
    sending = false;
    form.removeAttribute("aria-busy");
    if (outcome.kind === "unreachable") return show("[data-draft-queued]", true);
    queued = null;
    show("[data-draft-queued]", false);
    if (outcome.kind === "saved") {
      clearTimeout(timer);
      timer = 0;
      kept.remove(name);
      location.assign(outcome.url);
      return;
    }
    keep();
    native = true;
    form.requestSubmit(/** @type {HTMLElement|null} */ (form.querySelector(`button[name="do"][value="${what}"]`)));
    native = false;
  }

  /** What was to be sent when this page was closed. @param {[string, import("./kept.js").Slot]} entry */
  async function attemptLate([other, slot]) {
    const outcome = await send(slot.action, slot.fields, slot.queued ?? "save");
    if (outcome.kind === "saved") {
      kept.remove(other);
      location.assign(outcome.url);
    } else if (outcome.kind === "answered") {
      kept.put(other, { ...slot, queued: null }); // it is offered on this page; the person decides
    }
  }

  function offer() {
    const note = document.querySelector("[data-draft-kept]");
    const first = waiting[0];
    if (!(note instanceof HTMLElement)) return;
    note.hidden = !first;
    if (!first) return;
    const [other, slot] = first;
    const time = note.querySelector("[data-draft-kept-at]");
    if (time) time.textContent = new Date(slot.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
    on(note.querySelector("[data-draft-bring]"), () => bring(other, slot));
    on(note.querySelector("[data-draft-forget]"), () => { kept.remove(other); waiting.shift(); offer(); });
  }

  function connection() {
    show("[data-draft-offline]", !navigator.onLine && !queued);
  }
}

/** @param {Element|null} button @param {() => void} press */
function on(button, press) {
  if (button instanceof HTMLButtonElement) button.onclick = press;
}

/** @param {string} selector @param {boolean} visible */
function show(selector, visible) {
  const note = document.querySelector(selector);
  if (note instanceof HTMLElement) note.hidden = !visible;
}

/** Ask the service to draw the form with those words in it. @param {string} name @param {import("./kept.js").Slot} slot */
function bring(name, slot) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = slot.action;
  form.hidden = true;
  for (const [key, value] of [...slot.fields.filter(([field]) => field !== "do"), ["do", "preview"]]) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = key;
    input.value = value;
    form.append(input);
  }
  kept.put(name, { ...slot, queued: null });
  document.body.append(form);
  form.submit();
}

const form = document.querySelector("form[data-draft]");
if (form instanceof HTMLFormElement) start(form);
