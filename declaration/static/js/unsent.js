/**
 * On the list of drafts: words that are on this device only. What waited to be sent is sent now; the rest is listed with the way back.
 *
 *   <section data-draft-unsent data-draft-owner="…" hidden> <ul></ul> <template><li><strong><a></a></strong><span></span></li></template>
 */

import * as kept from "./kept.js";
import { send } from "./sending.js";

/** @param {HTMLElement} section */
async function show(section) {
  const owner = section.dataset.draftOwner ?? "";
  let arrived = false;
  for (const [name, slot] of kept.all(owner)) {
    if (!slot.queued) continue;
    const outcome = await send(slot.action, slot.fields, slot.queued);
    if (outcome.kind === "saved") {
      kept.remove(name);
      arrived = true;
    } else if (outcome.kind === "answered") {
      kept.put(name, { ...slot, queued: null });
    }
  }
  if (arrived) {
    location.reload();
    return;
  }
  list(section, kept.all(owner));
}

/** @param {HTMLElement} section @param {[string, import("./kept.js").Slot][]} slots */
function list(section, slots) {
  const template = section.querySelector("template"), rows = section.querySelector("ul");
  if (!template || !rows) return;
  rows.replaceChildren(...slots.map(([, slot]) => row(template, slot)));
  section.hidden = slots.length === 0;
}

/** @param {HTMLTemplateElement} template @param {import("./kept.js").Slot} slot */
function row(template, slot) {
  const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const link = made.querySelector("a"), time = made.querySelector("span");
  if (link && slot.page.startsWith("/") && !slot.page.startsWith("//")) link.href = slot.page;
  if (link) link.textContent = slot.title;
  if (time) time.textContent = new Date(slot.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
  return made;
}

const section = document.querySelector("[data-draft-unsent]");
if (section instanceof HTMLElement) {
  show(section).catch(() => {});
  addEventListener("online", () => show(section).catch(() => {}));
}
