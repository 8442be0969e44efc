/**
 * Bringing a key to this device. Nothing of it is ever sent to the service.
 *
 *   <form data-restore data-log-origin="<origin>" data-slot="<whose key>">
 *     <input type="file" data-restore-file>  or  <textarea data-restore-text></textarea>      no names
 *     <input type="password" data-restore-passphrase autocomplete="off">                      no name
 *     <button>Restore</button>
 *     <div data-restore-done hidden>…where to go on…</div>                                    optional
 *   </form>
 *
 * In a demonstration, whose personas' keys are public on purpose, one press does it (a form or a button):
 *
 *   <button type="button" data-demo-key data-pem-url="…" data-passphrase="…" data-log-origin="…" data-slot="…">Use demo key</button>
 *
 * Afterwards the act forms of the same page can be signed at once; `data-next` leads to another page instead.
 */

import { Refusal } from "./errors.js";
import { askBytes, sameOrigin } from "./http.js";
import { fromUtf8 } from "./bytes.js";
import * as keys from "./keys.js";
import { announceReady, Panel } from "./panel.js";
import { words } from "./strings.js";

/** @param {HTMLFormElement} form */
function enhanceRestore(form) {
  const panel = new Panel(form);
  const file = /** @type {HTMLInputElement|null} */ (form.querySelector("[data-restore-file]"));
  const text = /** @type {HTMLTextAreaElement|null} */ (form.querySelector("[data-restore-text]"));
  const passphrase = /** @type {HTMLInputElement|null} */ (form.querySelector("[data-restore-passphrase]"));
  for (const input of [file, text, passphrase]) input?.removeAttribute("name");
  onceAtATime(form, "submit", panel, async () => {
    const pem = (await file?.files?.[0]?.text()) ?? text?.value ?? "";
    if (pem.trim() === "") throw new Refusal("backup.choose");
    await bring(form, panel, pem, passphrase?.value ?? "");
    for (const input of [file, text, passphrase]) if (input) input.value = "";
  });
}

/** @param {HTMLElement} control a form or a button */
function enhanceDemo(control) {
  const form = control instanceof HTMLFormElement ? control : /** @type {HTMLButtonElement} */ (control).form;
  const panel = new Panel(form ?? control);
  onceAtATime(control, control instanceof HTMLFormElement ? "submit" : "click", panel, async () => {
    const pem = fromUtf8(await askBytes(control.dataset.pemUrl ?? ""));
    await bring(control, panel, pem, control.dataset.passphrase ?? "");
  });
}

/** @param {HTMLElement} control @param {Panel} panel @param {string} pem @param {string} passphrase */
async function bring(control, panel, pem, passphrase) {
  panel.say(words("restore.working"));
  const place = { log: control.dataset.logOrigin ?? "", slot: control.dataset.slot ?? "" };
  const record = await keys.restore(place, pem, passphrase);
  await keys.persist();
  panel.say(words("restore.done", { fingerprint: record.fingerprint }));
  const done = /** @type {HTMLElement|null} */ (control.querySelector("[data-restore-done]"));
  if (done) done.hidden = false;
  keys.announce(record);
  if (control.dataset.next) location.assign(sameOrigin(control.dataset.next));
}

/** @param {HTMLElement} control @param {string} type @param {Panel} panel @param {() => Promise<void>} work */
function onceAtATime(control, type, panel, work) {
  let working = false;
  control.addEventListener(type, async (event) => {
    event.preventDefault();
    if (working) return;
    working = true;
    try {
      await work();
    } catch (error) {
      panel.refuse(error);
    } finally {
      working = false;
    }
  });
  announceReady(control);
}

for (const form of document.querySelectorAll("form[data-restore]")) enhanceRestore(/** @type {HTMLFormElement} */ (form));
for (const control of document.querySelectorAll("[data-demo-key]")) enhanceDemo(/** @type {HTMLElement} */ (control));
