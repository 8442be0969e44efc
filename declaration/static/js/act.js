/**
 * Signing in a page. Every <form data-act='…'> or <form data-act-endpoint="…"> is signed on this device when it is sent.
 *
 *   <form method="post" action="…" data-act='{"type","declaration","log","object","by":{"party","role"},"body":{…}}'
 *         data-namespace="<type>@<log>" data-log="<address of the log's folder>" data-vkey="<verifier key>" data-slot="<whose key>">
 *
 * Pressing a button that submits runs these steps, each told to the person, and then submits the form natively with the
 * hidden inputs `statement` (canonical JSON) and `signature` (base64 of the SSHSIG blob), and with the button's own value:
 *
 *   1. the template: from the page, or from the service (data-act-endpoint), with fields of the form (data-act-fields)
 *   2. the text on the screen is the text of the digest, where the form has data-digest-check (textcheck.js); also once
 *      when the page is opened, where the page knows the digest: from data-act, or as the value of data-digest-check
 *   3. the record extends what this device saw before (record.js)
 *   4. the statement is completed (by.key, nonce, seen) and signed (keys.js)
 *   5. it is stored, then sent; the same decision pressed again is sent with the same bytes (outbox.js). A form with
 *      data-answers (the address of the receipts) sends it until there is an answer, and finds a lost one (delivery.js)
 *
 * A refusal at any step leaves the form as it was, with nothing signed or sent, and stands beside the button in words.
 *
 * Attributes, on the form or, for a form of several acts, on the button: data-act, data-act-endpoint, data-namespace.
 * On the form: data-slot (default: the party), data-keys (fingerprints accredited for the person, separated by spaces),
 * data-passkeys (JSON list of the person's passkeys, {"credential","openssh","fingerprint","rpId"}: a passkey that the
 * system has carried to this device is used where no key is stored here), data-enrol-url, data-restore-url (links shown
 * where this device has no key). On a button: data-act-skip (it submits
 * without signing, such as "Save the draft").
 */

import { toBase64, utf8 } from "./bytes.js";
import { deliver, resume } from "./delivery.js";
import { showDigest } from "./digest.js";
import { Refusal } from "./errors.js";
import { askJson } from "./http.js";
import * as keys from "./keys.js";
import * as outbox from "./outbox.js";
import { announceReady, element, fill, Panel, submitButtons } from "./panel.js";
import { PASSKEY } from "./passkey.js";
import * as record from "./record.js";
import { checkTemplate, compose, newNonce } from "./statement.js";
import { words } from "./strings.js";
import { checkScreen } from "./textcheck.js";

const SLOW_MS = 10_000;
const STEPS = 5;
let offers = 0;

/** @typedef {{template: import("./statement.js").Template, fields: Record<string, string>, typed: [string, string][]}} Decision */

class ActForm {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.panel = new Panel(form);
    /** @type {"idle"|"working"|"sending"} */
    this.state = "idle";
    this.offered = form.querySelector("[data-act-nokey]");
    form.addEventListener("submit", (event) => this.onSubmit(event));
    document.addEventListener("declaration:key", () => this.showKey());
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.rest(); // the person came back: the same decision would be sent with the same bytes
    });
    this.showKey();
    if (form.hasAttribute("data-digest-check")) this.showText();
    announceReady(form);
  }

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    if (event.submitter?.hasAttribute("data-act-skip")) return;
    if (this.state === "sending") return; // our own submission, on its way
    event.preventDefault();
    if (this.state === "working") return; // pressed twice
    this.state = "working";
    this.busy(true);
    this.signAndSend(/** @type {HTMLButtonElement|null} */ (event.submitter)).catch((error) => {
      this.rest();
      this.panel.refuse(error, words("act.nothing-signed"));
    });
  }

  /** @param {HTMLButtonElement|null} submitter */
  async signAndSend(submitter) {
    const { form, panel } = this;
    panel.say(words("act.step.prepare"), 0, STEPS);
    await settled;
    const decision = await this.decide(submitter);
    const { template } = decision;
    if (form.hasAttribute("data-digest-check")) {
      panel.say(words("act.step.text"), 1, STEPS);
      await showDigest(document, await this.readText(template));
    }
    const key = await this.key(template);
    panel.say(words("act.step.record"), 2, STEPS);
    const url = attribute(form, "data-log");
    const seen = await record.latest({ log: template.log, url, vkey: attribute(form, "data-vkey") });
    panel.say(words("act.step.sign"), 3, STEPS);
    const signed = await signOnce(decision, key, seen);
    panel.say(words("act.step.send"), 4, STEPS);
    this.fillIn(signed);
    const answers = form.getAttribute("data-answers");
    if (answers === null) this.send(submitter);
    else await this.deliver(signed, answers, submitter);
  }

  /**
   * The screen shows the text that the act is about: its object or, where it countersigns a signature, the text that the page announces
   * and the act cites by the hashes of its authentic texts, all of them. @param {import("./statement.js").Template} template
   */
  async readText(template) {
    const cited = template.type === "endorsement.countersign-v1" ? template.body.texts : null;
    const read = await checkScreen(document, cited ? this.form.getAttribute("data-digest-check") : template.object);
    const all = new Set([...Object.keys(cited ?? {}), ...Object.keys(cited ? read.authentic : {})]);
    for (const lang of all) if (cited[lang] !== read.authentic[lang]) throw new Refusal("text.other-version");
    return read;
  }

  /** The template of what is signed. @param {HTMLButtonElement|null} submitter @returns {Promise<Decision>} */
  async decide(submitter) {
    const { form } = this;
    const namespace = either(submitter, form, "data-namespace") ?? "";
    const endpoint = either(submitter, form, "data-act-endpoint");
    if (endpoint !== null) {
      const typed = typedFields(form, submitter);
      const answer = await askJson(endpoint, { method: "POST", body: new URLSearchParams(typed) });
      return { template: checkTemplate(answer.act, namespace), fields: answer.fields ?? {}, typed };
    }
    const template = checkTemplate(parseAttribute(either(submitter, form, "data-act") ?? ""), namespace);
    const map = parseAttribute(form.getAttribute("data-act-fields") ?? "{}");
    const data = new FormData(form, submitter);
    for (const [field, input] of Object.entries(map)) template.body[field] = fieldValue(form, data, String(input));
    return { template: checkTemplate(template, namespace), fields: {}, typed: [] };
  }

  /** @param {import("./statement.js").Template} template @returns {Promise<keys.KeyRecord>} */
  async key({ log, by }) {
    const place = { log, slot: this.form.getAttribute("data-slot") ?? by.party };
    const key = await findKey(this.form, place);
    if (key === null) throw await missingKey(place);
    return key;
  }

  /** @param {outbox.SignedAct} signed */
  fillIn({ statement, signature, fields }) {
    for (const [name, value] of Object.entries(fields)) fill(this.form, name, value);
    fill(this.form, "statement", statement);
    fill(this.form, "signature", signature);
  }

  /**
   * Send it for as long as it takes. A refusal is asked for once more as a page, which says what is so and what to do.
   * @param {outbox.KeptAct} signed @param {string} answers @param {HTMLButtonElement|null} submitter
   */
  async deliver(signed, answers, submitter) {
    const { form, panel } = this;
    const body = Array.from(new FormData(form, submitter)).filter((field) => typeof field[1] === "string");
    const way = { action: attribute(form, "action"), answers, slot: form.getAttribute("data-slot") ?? "", body: /** @type {[string, string][]} */ (body) };
    await outbox.address(signed, way);
    const outcome = await deliver(way, signed.digest, () => this.keep(), signed.way !== undefined);
    if (outcome.kind === "recorded") {
      await outbox.forget(signed.id); // the answer is here, whatever becomes of the next page
      go(new URL(outcome.url));
      return;
    }
    if (outcome.kind === "refused" && outcome.forget) await outbox.forget(signed.id);
    this.send(submitter);
  }

  /** Said where it is seen: whoever closes the page now should know that nothing is lost. */
  keep() {
    this.panel.say(words("act.kept"));
    this.panel.status.scrollIntoView({ block: "center" });
  }

  /** @param {HTMLButtonElement|null} submitter */
  send(submitter) {
    this.state = "sending";
    this.form.requestSubmit(submitter);
    this.state = "working";
    setTimeout(() => {
      this.rest();
      this.panel.say(words("act.slow"));
    }, SLOW_MS);
  }

  /** The words of the text, to compare with the hall's screen before pressing; a difference is said at once. */
  async showText() {
    try {
      const { object } = parseAttribute(this.form.getAttribute("data-act") ?? "{}");
      const announced = object ?? this.form.getAttribute("data-digest-check");
      if (!announced) return; // the service composes this one: checked when it is pressed
      await showDigest(document, await checkScreen(document, announced));
    } catch (error) {
      this.panel.refuse(error, "", false);
    }
  }

  /** Say where this device has no key for the form, and why it cannot be signed here. */
  async showKey() {
    const place = placeOf(this.form);
    if (place === null) return;
    let reason = null;
    try {
      if ((await findKey(this.form, place)) === null) reason = await missingKey(place);
    } catch (error) {
      reason = error instanceof Refusal ? error : new Refusal("error.unexpected", { code: String(error) });
    }
    this.offer(reason);
  }

  /** @param {Refusal|null} reason */
  offer(reason) {
    this.offered ??= reason && makeOffer(this.form);
    const offered = /** @type {HTMLElement|null} */ (this.offered);
    if (offered) {
      offered.hidden = reason === null;
      offered.id ||= `act-nokey-${++offers}`;
      const why = offered.querySelector("[data-act-nokey-why]");
      if (why && reason) why.textContent = words(reason.code, reason.values);
    }
    for (const button of submitButtons(this.form)) {
      if (reason !== null && !button.disabled) {
        button.disabled = true;
        button.setAttribute("data-act-disabled", "");
        if (offered) button.setAttribute("aria-describedby", offered.id);
      } else if (reason === null && button.hasAttribute("data-act-disabled")) {
        button.disabled = false;
        button.removeAttribute("data-act-disabled");
        button.removeAttribute("aria-describedby");
      }
    }
  }

  rest() {
    this.state = "idle";
    this.busy(false);
    this.panel.say("");
  }

  /** Shown as busy and still focusable; a disabled button would be left out of what is sent. @param {boolean} busy */
  busy(busy) {
    this.form.setAttribute("aria-busy", String(busy));
    for (const button of submitButtons(this.form)) {
      if (busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }
}

/**
 * Sign a decision, or give back what was signed for it before; one tab at a time.
 * @param {Decision} decision @param {keys.KeyRecord} key @param {string} seen @returns {Promise<outbox.KeptAct>}
 */
async function signOnce({ template, fields, typed }, key, seen) {
  const id = await outbox.decisionId(template, key.fingerprint, typed);
  return alone(async () => {
    const before = await outbox.recall(id);
    if (before !== null) return before;
    const statement = compose(template, { key: key.fingerprint, nonce: newNonce(), seen });
    const blob = await keys.sign(key, `${template.type}@${template.log}`, utf8(statement));
    return outbox.keep(id, { statement, signature: toBase64(blob), fields });
  });
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
function alone(work) {
  return navigator.locks ? navigator.locks.request("declaration-sign", work) : work();
}

/** @param {HTMLFormElement} form @param {keys.Place} place @returns {Promise<keys.KeyRecord|null>} */
async function findKey(form, place) {
  const stored = await keys.load(place, accredited(form));
  if (stored !== null || !globalThis.PublicKeyCredential) return stored;
  const [carried] = parseAttribute(form.getAttribute("data-passkeys") ?? "[]");
  return carried ? { ...place, kind: PASSKEY, created: "", backup: null, ...carried } : null;
}

/** @param {keys.Place} place @returns {Promise<Refusal>} */
async function missingKey(place) {
  return new Refusal((await keys.list(place)).length ? "key.not-accredited" : "key.none");
}

/** @param {HTMLFormElement} form @returns {string[]} */
function accredited(form) {
  return (form.getAttribute("data-keys") ?? "").split(/\s+/).filter(Boolean);
}

/** Where the key of a form is, as far as the page says before anything is pressed. @param {HTMLFormElement} form @returns {keys.Place|null} */
function placeOf(form) {
  const namespace = form.getAttribute("data-namespace") ?? form.querySelector("[data-namespace]")?.getAttribute("data-namespace") ?? "";
  let slot = form.getAttribute("data-slot");
  try {
    slot ??= JSON.parse(form.getAttribute("data-act") ?? "").by.party;
  } catch {
    return null; // said when it is pressed
  }
  return slot ? { log: namespace.slice(namespace.indexOf("@") + 1), slot } : null;
}

/** @param {HTMLFormElement} form @returns {HTMLElement} */
function makeOffer(form) {
  const offer = element("div", { class: "why" }, element("p", { "data-act-nokey-why": "" }));
  for (const [attributeName, key] of [["data-enrol-url", "key.enrol"], ["data-restore-url", "key.restore"]]) {
    const href = form.getAttribute(attributeName);
    if (href) offer.append(element("a", { href }, words(key)), " ");
  }
  form.append(offer);
  return offer;
}

/** Ordinary fields of a form, without what an earlier press has filled in. @param {HTMLFormElement} form @param {HTMLElement|null} submitter @returns {[string, string][]} */
function typedFields(form, submitter) {
  /** @type {[string, string][]} */
  const typed = [];
  for (const [name, value] of new FormData(form, submitter)) {
    const ours = form.querySelector(`input[data-filled][name="${CSS.escape(name)}"]`) !== null;
    if (typeof value === "string" && !ours && name !== "statement" && name !== "signature") typed.push([name, value]);
  }
  return typed;
}

/** A field as it is signed: line ends LF, Unicode NFC, no space at the edges. @param {HTMLFormElement} form @param {FormData} data @param {string} name */
function fieldValue(form, data, name) {
  const value = data.get(name) ?? "";
  if (typeof value !== "string" || (!data.has(name) && form.elements.namedItem(name) === null)) throw new Refusal("page.malformed", { what: name });
  return value.replace(/\r\n?/g, "\n").normalize("NFC").trim();
}

/** @param {Element|null} submitter @param {Element} form @param {string} name @returns {string|null} */
function either(submitter, form, name) {
  return submitter?.getAttribute(name) ?? form.getAttribute(name);
}

/** @param {Element} from @param {string} name @returns {string} */
function attribute(from, name) {
  const value = from.getAttribute(name);
  if (!value) throw new Refusal("page.malformed", { what: name });
  return value;
}

/** @param {string} text @returns {any} */
function parseAttribute(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("page.malformed", { what: "data-act" });
  }
}

/** @param {ParentNode} part of the page */
function enhance(part) {
  const forms = part.querySelectorAll("form[data-act], form[data-act-endpoint], form:has(button[data-act], button[data-act-endpoint])");
  for (const form of forms) new ActForm(/** @type {HTMLFormElement} */ (form));
}

/** To a page as it is now, even where it is this one at another place. @param {URL} url */
function go(url) {
  const here = url.pathname === location.pathname && url.search === location.search;
  if (!here) return location.assign(url);
  history.replaceState(null, "", url);
  location.reload();
}

/** Whose forms this page has. @returns {string[]} */
function slots() {
  return Array.from(document.querySelectorAll("form[data-slot]"), (form) => form.getAttribute("data-slot") ?? "");
}

const settled = outbox.settle(document).catch(() => {});
enhance(document);
settled.then(() => resume(slots())).catch(() => {}); // a device that keeps nothing has nothing to resume
document.addEventListener("declaration:fragment", (event) => enhance(/** @type {Element} */ (event.target)));
