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
 *       <button type="button" data-enrol-passkey data-rp-id="…" data-rp-name="…" data-user-name="…">Use a passkey</button>   optional
 *     </div>
 *     <div data-enrol-backup hidden>
 *       <a data-enrol-download>Download the backup</a>
 *       <input type="checkbox" data-enrol-decline>                                     "I go on without a backup"
 *       <button type="button" data-enrol-another>Make another key</button>             optional
 *       <button type="submit">Send my public key</button>
 *     </div>
 *   </form>
 *
 * On submission the hidden inputs are `key`, the OpenSSH line, and `possession`, base64 of an SSHSIG blob under
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
    this.find("another")?.addEventListener("click", () => this.show(null));
    this.run(() => this.resume()).then(() => announceReady(form));
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
      this.panel.refuse(error);
    } finally {
      this.working = false;
      this.form.removeAttribute("aria-busy");
    }
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
  }

  /** Show the half of the form that is due. @param {keys.KeyRecord|null} record */
  show(record) {
    this.record = record;
    this.downloaded = record !== null && record.backup === null; // settled on an earlier visit
    const [choose, backup, link] = [this.find("choose"), this.find("backup"), this.find("download")];
    if (choose) choose.hidden = record !== null;
    if (backup) backup.hidden = record === null;
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
    this.panel.say(words("enrol.signing"));
    const { constitution, nonce } = this.form.dataset;
    const message = canonicalBytes({ constitution: constitution || null, key: record.fingerprint, nonce, type: POSSESSION });
    const possession = await keys.sign(record, `${POSSESSION}@${this.place.log}`, message);
    await keys.settleBackup(record);
    fill(this.form, "key", record.openssh);
    fill(this.form, "possession", toBase64(possession));
    this.sending = true;
    this.form.requestSubmit(submitter);
    this.sending = false;
  }
}

for (const form of document.querySelectorAll("form[data-enrol]")) new EnrolForm(/** @type {HTMLFormElement} */ (form));
