/**
 * Signing in with a key: of this browser, or a passkey. It is an act of its own and signs nothing else.
 *
 *   <form method="post" action="…" data-sign-in data-log-origin="<origin>" data-challenge="<address that gives a challenge>"
 *         data-rp-id="…" data-origins="<web origins of the constitution>" data-roles='{"head": "head of delegation"}'>
 *     <div data-sign-in-choice hidden></div>                        filled with the keys, where this browser has several
 *     <button type="submit" data-sign-in-key hidden>Sign in with this browser’s key</button>
 *     <button type="submit" data-sign-in-passkey hidden>Sign in with a passkey</button>
 *     <p data-sign-in-none hidden></p>                              where there is neither
 *   </form>
 *
 * The service gives a challenge, good once and for two minutes. This page makes the message around it, canonical JSON
 * {"challenge","log","site","type":"sign-in"}, and signs it as SSHSIG under `sign-in@<origin>`: the service never chooses the bytes
 * that a key signs, and no act has that namespace. What is sent, in hidden inputs:
 *
 *   challenge, site            as they stand in the message
 *   signature                  base64 of the SSHSIG blob
 *   credential                 for a passkey its credential id, and `signature` is then base64 of the signature field alone: a browser to
 *                              which the system has carried the passkey does not know the public key, and the service does
 */

import { canonicalBytes } from "./canonical.js";
import { toBase64 } from "./bytes.js";
import { Refusal } from "./errors.js";
import { askJson } from "./http.js";
import * as keys from "./keys.js";
import { announceReady, element, fill, Panel } from "./panel.js";
import { offered, PASSKEY, signWithAnyPasskey } from "./passkey.js";
import { tbs } from "./sshsig.js";
import { words } from "./strings.js";

const SIGN_IN = "sign-in";

class SignInForm {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.panel = new Panel(form, form.lastElementChild);
    /** @type {keys.KeyRecord[]} keys whose private half is in this browser */
    this.records = [];
    /** @type {string[]} credential ids of passkeys that were made or used here */
    this.passkeys = [];
    this.working = false;
    this.sending = false;
    form.addEventListener("submit", (event) => this.onSubmit(event));
    this.open().catch((error) => this.panel.refuse(error, "", false)).finally(() => announceReady(form));
  }

  /** @param {string} part @returns {HTMLElement|null} */
  find(part) {
    return this.form.querySelector(`[data-sign-in-${part}]`);
  }

  /** Show the ways in that this device has. */
  async open() {
    const { rpId = "", origins = "", logOrigin = "" } = this.form.dataset;
    const records = await keys.all(logOrigin);
    this.records = records.filter(({ kind }) => kind !== PASSKEY);
    this.passkeys = records.flatMap(({ kind, credential }) => (kind === PASSKEY && credential ? [credential] : []));
    const passkeys = await offered({ rpId, origins: origins.split(/\s+/) });
    const [key, passkey, none] = [this.find("key"), this.find("passkey"), this.find("none")];
    if (key) key.hidden = this.records.length === 0;
    if (passkey) {
      passkey.hidden = passkeys instanceof Refusal;
      passkey.classList.toggle("btn--main", this.records.length === 0);
    }
    if (none && records.length === 0) {
      none.hidden = false;
      none.textContent = words("sign-in.none");
    }
    if (this.records.length > 1) this.offerChoice();
  }

  offerChoice() {
    const choice = this.find("choice");
    if (!choice) return;
    choice.hidden = false;
    const rows = this.records.map((record, place) => {
      const input = element("input", { type: "radio", name: "chosen", value: record.fingerprint, ...(place === 0 ? { checked: "" } : {}) });
      return element("label", { class: "tick" }, input, element("span", {}, this.label(record)));
    });
    choice.replaceChildren(element("fieldset", { class: "stack stack--tight" }, element("legend", {}, words("sign-in.choose")), ...rows));
  }

  /** Whose key it is, as far as its slot says: role, party, number of the person. @param {keys.KeyRecord} record @returns {string} */
  label({ slot, created }) {
    const [role = "", ...rest] = slot.split(".");
    const party = rest.slice(0, -1).join(".");
    const roles = JSON.parse(this.form.dataset.roles ?? "{}");
    const tag = party.length <= 3 ? party.toUpperCase() : party; // a delegation's, as it stands on every page
    const who = [roles[role] ?? role, party === role ? "" : tag].filter(Boolean).join(" · ");
    const day = new Date(created).toLocaleDateString(document.documentElement.lang || undefined, { dateStyle: "medium" });
    return words("sign-in.key", { who, created: day });
  }

  /** @param {SubmitEvent} event */
  async onSubmit(event) {
    if (this.sending) return;
    event.preventDefault();
    if (this.working) return;
    this.working = true;
    this.form.setAttribute("aria-busy", "true");
    try {
      await this.signIn(/** @type {HTMLElement|null} */ (event.submitter));
    } catch (error) {
      this.panel.refuse(error);
    } finally {
      this.working = false;
      this.form.removeAttribute("aria-busy");
    }
  }

  /** @param {HTMLElement|null} submitter */
  async signIn(submitter) {
    this.panel.say(words("sign-in.working"));
    const { logOrigin: log = "", challenge: address = "", rpId = "" } = this.form.dataset;
    const { challenge } = await askJson(address);
    if (typeof challenge !== "string") throw new Refusal("page.malformed", { what: "challenge" });
    const site = location.origin;
    const namespace = `${SIGN_IN}@${log}`;
    const message = canonicalBytes({ challenge, log, site, type: SIGN_IN });
    const sent = { challenge, site, ...(await this.signed(submitter, namespace, message, rpId)) };
    for (const [name, value] of Object.entries(sent)) fill(this.form, name, value);
    this.sending = true;
    this.form.requestSubmit(submitter);
    this.sending = false;
  }

  /**
   * @param {HTMLElement|null} submitter @param {string} namespace @param {Uint8Array} message @param {string} rpId
   * @returns {Promise<{signature: string, credential: string}>}
   */
  async signed(submitter, namespace, message, rpId) {
    if (submitter?.hasAttribute("data-sign-in-passkey")) {
      const { credential, field } = await signWithAnyPasskey(rpId, await tbs(namespace, message), this.passkeys);
      return { signature: toBase64(field), credential };
    }
    const chosen = new FormData(this.form).get("chosen");
    const record = this.records.find(({ fingerprint }) => fingerprint === chosen) ?? this.records[0];
    if (!record) throw new Refusal("sign-in.none");
    return { signature: toBase64(await keys.sign(record, namespace, message)), credential: "" };
  }
}

for (const form of document.querySelectorAll("form[data-sign-in]")) new SignInForm(/** @type {HTMLFormElement} */ (form));
