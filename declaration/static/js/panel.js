/**
 * What a person sees while a form works: one line that says the step, a progress bar, and a refusal beside the button.
 *
 * The panel is the form's [data-act-status] where it has one, otherwise it is put after the row of buttons. The line is a
 * status region (heard without taking the focus); a refusal is an alert that takes the focus, since it wants a decision.
 */

import { Refusal } from "./errors.js";
import { explain, words } from "./strings.js";

export class Panel {
  /** @param {HTMLElement} form or a button that stands alone @param {Element|null} [neighbour] what it is put after */
  constructor(form, neighbour = lastButtonRow(form)) {
    this.status = element("p", { class: "meta", role: "status", "aria-live": "polite" });
    this.bar = element("progress", { class: "bar", "aria-label": words("act.progress"), hidden: "" });
    this.alert = element("div", { class: "note note--bad", role: "alert", tabindex: "-1", hidden: "" });
    const place = form.querySelector("[data-act-status]");
    if (place) place.append(this.status, this.bar, this.alert);
    else (neighbour ?? form).after(this.status, this.bar, this.alert);
  }

  /** @param {string} text @param {number} [done] steps done @param {number} [all] steps in all */
  say(text, done = 0, all = 0) {
    this.alert.hidden = true;
    this.alert.replaceChildren();
    this.status.textContent = text;
    this.bar.hidden = all === 0;
    if (all > 0) {
      this.bar.setAttribute("max", String(all));
      this.bar.setAttribute("value", String(done));
    }
  }

  /** @param {unknown} error @param {string} [before] a sentence that comes first @param {boolean} [focus] */
  refuse(error, before = "", focus = true) {
    this.say("");
    this.alert.append(element("p", {}, `${before} ${explain(error)}`.trim()));
    if (error instanceof Refusal && error.evidence) {
      const evidence = element("details", {}, element("summary", {}, words("act.evidence")), element("pre", { class: "hash" }, error.evidence));
      this.alert.append(evidence);
    }
    this.alert.hidden = false;
    if (focus) this.alert.focus();
  }
}

/** Tell held.js that this form listens: what was pressed too early is pressed again now. @param {HTMLElement} form */
export function announceReady(form) {
  form.dispatchEvent(new CustomEvent("declaration:ready", { bubbles: true }));
}

/**
 * @param {string} tag @param {Record<string, string>} attributes @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The buttons that submit a form. @param {HTMLFormElement} form @returns {HTMLButtonElement[]} */
export function submitButtons(form) {
  const controls = Array.from(form.elements);
  return /** @type {HTMLButtonElement[]} */ (
    controls.filter((control) => /** @type {HTMLButtonElement} */ (control).type === "submit" && !control.hasAttribute("data-act-skip"))
  );
}

/** Set a hidden input of the form, making it where it is missing. @param {HTMLFormElement} form @param {string} name @param {string} value */
export function fill(form, name, value) {
  let input = /** @type {HTMLInputElement|null} */ (form.querySelector(`:scope input[type="hidden"][name="${CSS.escape(name)}"]`));
  if (!input) {
    input = /** @type {HTMLInputElement} */ (element("input", { type: "hidden", name, "data-filled": "" }));
    form.append(input);
  }
  input.value = value;
}

/** @param {HTMLElement} form @returns {Element|null} */
function lastButtonRow(form) {
  if (!(form instanceof HTMLFormElement)) return null;
  const last = submitButtons(form).filter((button) => form.contains(button)).at(-1);
  return last ? last.closest(".acts, .side__foot") ?? last : null;
}
