/**
 * <button type="button" data-copy="id of an element" hidden>Copy</button>: copies the element's text, or its value.
 *
 * The button is shown only where copying is possible; the answer stands after it and stays.
 */

import { element } from "./panel.js";
import { words } from "./strings.js";

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source || !navigator.clipboard) continue;
  const answer = element("span", { class: "meta", role: "status" });
  button.after(" ", answer);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = /** @type {HTMLInputElement} */ (source).value ?? source.textContent ?? "";
    const copied = await navigator.clipboard.writeText(text.trim()).then(() => true, () => false);
    answer.textContent = words(copied ? "copy.done" : "copy.failed");
  });
}
