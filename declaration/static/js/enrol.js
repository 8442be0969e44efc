/**
 * Enrolment: a key is made on this device, its holder takes a backup, and the public half goes to the service with proof
 * that the private half is here.
 *
 *   <form method="post" action="…" data-enrol data-constitution="<hex, or empty before there is one>"
 *         data-log-origin="<origin>" data-slot="<whose key>" data-nonce="<one-time nonce>" data-keys="<accredited fingerprints>">
 *     <div data-enrol-choose>
 *       <input type="password" data-enrol-passphrase autocomplete="new-password">      no name: never sent
 *       <input type="password" data-enrol-again autocomplete="new-password">
 *       <button type="submit" data-enrol-make>Make my key</button>
 *       <div data-enrol-passkey-part hidden>                                           optional: shown where a passkey can be made
 *         <span data-enrol-recommended hidden>Recommended on this device</span>
 *         <button type="button" data-enrol-passkey data-rp-id="…" data-rp-name="…" data-user-name="…"
 *                 data-origins="<web origins of the constitution>">Make a passkey</button>
 *       </div>
 *       <p data-enrol-passkey-why hidden></p>                                          why there is none, or which other device holds it
 *       <details data-enrol-browser>…the passphrase…</details>                         closed where a passkey is recommended
 *     </div>
 *     <div data-enrol-prove hidden>                                                    instead of the backup, after a passkey is made
 *       <button type="submit">Prove and send</button>
 *     </div>
 *     <div data-enrol-backup hidden>
 *       <a data-enrol-download>Download the backup</a>
 *       <input type="checkbox" data-enrol-decline>                                     "I go on without a backup"
 *       <button type="button" data-enrol-another>Make another key</button>             optional
 *       <button type="submit">Send my public key</button>
 *     </div>
 *   </form>
 *
 * A passkey takes two gestures, because the authenticator signs nothing of ours while it makes one: the first makes it, the
 * second signs the proof of possession. Both are announced.
 *
 * On submission the hidden inputs are `key`, the OpenSSH line, for a passkey `credential`, its credential id, and `possession`, base64 of an SSHSIG blob under
 * `possession-v1@<origin>` over canonical {"constitution":"<hex>"|null,"key":"<fingerprint>","nonce":"<nonce>","type":"possession-v1"}.
 *
 * The key is stored before anything is sent. If the connection breaks, or the service refuses (an expired nonce), the
 * page comes back with the same key and nothing is lost: the newest key of the slot that is not accredited is resumed.
 */

import { canonicalBytes } from "./canonical.js";
import { toBase64 } from "./bytes.js";
import { Refusal } from "./errors.js";
import * as keys from "./keys.js";
import { announceReady, fill, Panel } from "./panel.js";
import { offered, PASSKEY } from "./passkey.js";
import { words } from "./strings.js";

const POSSESSION = "possession-v1";

class EnrolForm {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.panel = new Panel(form, form.lastElementChild); // not in one of the halves, which are hidden in turn
    this.place = { log: form.dataset.logOrigin ?? "", slot: form.dataset.slot ?? "" };
    /** @type {keys.KeyRecord|null} */
    this.record = null;
    this.downloaded = false;
    this.working = false;
    this.sending = false;
    for (const input of [this.find("passphrase"), this.find("again")]) input?.removeAttribute("name"); // never sent, whatever the template says
    form.addEventListener("submit", (event) => this.onSubmit(event));
    this.find("passkey")?.addEventListener("click", () => this.run(() => this.makePasskey()));
    this.find("download")?.addEventListener("click", () => this.onDownload());
    for (const button of form.querySelectorAll("[data-enrol-another]")) button.addEventListener("click", () => this.show(null));
    this.run(() => this.open()).then(() => announceReady(form));
  }

  /** @param {string} part @returns {HTMLInputElement|null} */
  find(part) {
    return this.form.querySelector(`[data-enrol-${part}]`);
  }

  /** @param {SubmitEvent} event */
  onSubmit(event) {
    if (this.sending) return;
    event.preventDefault();
    this.run(() => (this.record === null ? this.make() : this.prove(/** @type {HTMLElement|null} */ (event.submitter))));
  }

  /** One thing at a time; a refusal stands beside the button. @param {() => Promise<void>} work */
  async run(work) {
    if (this.working) return;
    this.working = true;
    this.form.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      if (error instanceof Refusal && ["passkey.unsupported", "passkey.elsewhere"].includes(error.code)) this.unfold(true);
      this.panel.refuse(error);
    } finally {
      this.working = false;
      this.form.removeAttribute("aria-busy");
    }
  }

  async open() {
    await this.offerPasskey();
    await this.resume();
  }

  /** Show the passkey where one can be made here, recommend it where this device holds it itself, and say it where there is none. */
  async offerPasskey() {
    const [part, why, button] = [this.find("passkey-part"), this.find("passkey-why"), this.find("passkey")];
    if (!part || !button) return;
    const { rpId = "", origins = "" } = button.dataset;
    const found = await offered({ rpId, origins: origins.split(/\s+/) });
    const own = found === "own";
    part.hidden = found instanceof Refusal;
    const recommended = this.find("recommended");
    if (recommended) recommended.hidden = !own;
    button.classList.toggle("btn--main", own);
    this.find("make")?.classList.toggle("btn--main", !own);
    this.unfold(!own);
    if (!why) return;
    why.hidden = own;
    if (found instanceof Refusal) why.textContent = words(found.code, found.values);
    else if (!own) why.textContent = words("passkey.other");
  }

  /** @param {boolean} open whether the key in this browser is offered unfolded */
  unfold(open) {
    const details = /** @type {HTMLDetailsElement|null} */ (this.form.querySelector("[data-enrol-browser]"));
    if (details) details.open = open;
  }

  async resume() {
    const accredited = (this.form.dataset.keys ?? "").split(/\s+/);
    const waiting = (await keys.list(this.place)).filter((record) => !accredited.includes(record.fingerprint)).at(-1);
    this.show(waiting ?? null);
    if (waiting) {
      const created = new Date(waiting.created).toLocaleString(document.documentElement.lang || undefined);
      this.panel.say(words("enrol.present", { created, fingerprint: waiting.fingerprint }));
    }
  }

  async make() {
    const passphrase = this.find("passphrase")?.value ?? "";
    keys.checkPassphrase(passphrase);
    if (passphrase.normalize("NFC") !== this.find("again")?.value.normalize("NFC")) throw new Refusal("passphrase.differ");
    this.panel.say(words("enrol.working"));
    const record = await keys.generate(this.place, passphrase);
    for (const input of [this.find("passphrase"), this.find("again")]) if (input) input.value = "";
    this.show(record);
    const kept = await keys.persist();
    const advice = kept ? "" : words("enrol.temporary");
    this.panel.say(`${words("enrol.made", { fingerprint: record.fingerprint })} ${advice}`.trim());
    this.find("download")?.focus();
  }

  /** There is nothing to back up; the proof of possession is a second gesture. */
  async makePasskey() {
    const { rpId = "", rpName = "", userName = "" } = this.find("passkey")?.dataset ?? {};
    const record = await keys.enrolPasskey(this.place, { rpId, rpName, userName });
    this.show(record);
    this.panel.say(words("passkey.made", { fingerprint: record.fingerprint }));
    /** @type {HTMLElement|null} */ (this.find("prove")?.querySelector("[type=submit]") ?? null)?.focus();
  }

  /** Show the half of the form that is due. @param {keys.KeyRecord|null} record */
  show(record) {
    this.record = record;
    this.downloaded = record !== null && record.backup === null; // settled on an earlier visit
    const [choose, backup, link, prove] = [this.find("choose"), this.find("backup"), this.find("download"), this.find("prove")];
    const proves = prove !== null && record?.kind === PASSKEY;
    if (choose) choose.hidden = record !== null;
    if (prove) prove.hidden = !proves;
    if (backup) backup.hidden = record === null || proves;
    const decline = this.find("decline")?.closest("label");
    if (decline) decline.hidden = !record?.backup;
    if (!link) return;
    link.hidden = !record?.backup;
    if (record?.backup) {
      const short = record.fingerprint.slice("SHA256:".length).replace(/[^A-Za-z0-9]/g, "").slice(0, 8);
      link.setAttribute("href", URL.createObjectURL(new Blob([record.backup], { type: "application/x-pem-file" })));
      link.setAttribute("download", words("backup.file-name", { fingerprint: short }));
    }
  }

  onDownload() {
    this.downloaded = true;
    this.panel.say(words("enrol.downloaded"));
  }

  /** @param {HTMLElement|null} submitter */
  async prove(submitter) {
    const record = /** @type {keys.KeyRecord} */ (this.record);
    if (!this.downloaded && !this.find("decline")?.checked) throw new Refusal("backup.undecided");
    this.panel.say(words(record.kind === PASSKEY ? "passkey.proving" : "enrol.signing"));
    const { constitution, nonce } = this.form.dataset;
    const message = canonicalBytes({ constitution: constitution || null, key: record.fingerprint, nonce, type: POSSESSION });
    const possession = await keys.sign(record, `${POSSESSION}@${this.place.log}`, message);
    await keys.settleBackup(record);
    fill(this.form, "key", record.openssh);
    fill(this.form, "possession", toBase64(possession));
    if (record.credential) fill(this.form, "credential", record.credential);
    this.sending = true;
    this.form.requestSubmit(submitter);
    this.sending = false;
  }
}

for (const form of document.querySelectorAll("form[data-enrol]")) new EnrolForm(/** @type {HTMLFormElement} */ (form));
