/**
 * Single keys at the Chair's table, each also a button or a link on the page:
 *
 *   P  the one act that takes the paragraph on: [data-key="p"] holds its button
 *   N  [data-key="n"], on to the next paragraph that is not settled
 *   J, K  the paragraph after, the paragraph before, in the strip [data-keys]
 *
 * They are silent while somebody types, while a disclosure with a form is open, with Alt, Ctrl or Meta held, on repeat, and
 * where [data-keys-switch] is unticked; that choice is kept on this device.
 */

const KEPT = "declaration.table-keys";
const choice = /** @type {HTMLInputElement|null} */ (document.querySelector("[data-keys-switch]"));

/** @returns {boolean} */
function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

if (choice) {
  choice.checked = remembered();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(KEPT, choice.checked ? "on" : "off");
    } catch {
      // a device that keeps nothing: the choice holds for this page
    }
  });
}

/** @param {number} step */
function along(step) {
  const all = Array.from(document.querySelectorAll("[data-keys] .strip__units a"));
  const here = all.findIndex((one) => one.getAttribute("aria-current") === "page");
  /** @type {HTMLElement|undefined} */ (all[here + step])?.click();
}

/** @param {string} key */
function press(key) {
  const place = document.querySelector(`[data-key="${key}" i]`);
  const target = /** @type {HTMLElement|null} */ (place?.matches("a") ? place : place?.querySelector("button[type=submit]:not([disabled])") ?? null);
  target?.focus();
  target?.click();
}

document.addEventListener("keydown", (event) => {
  if (!choice?.checked || event.defaultPrevented || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.closest("input, textarea, select, [contenteditable], details[open] form")) return;
  const key = event.key.toLowerCase();
  if (key === "p" || key === "n") press(key);
  else if (key === "j") along(1);
  else if (key === "k") along(-1);
});
