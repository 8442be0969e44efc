/**
 * A correction of the adopted text begins with the paragraph as it reads now:
 *
 *     <form method="get" data-correcting="fields">                   kind, text (the language) and unit, which is shown by a button without scripts
 *       <select name="kind">…<option value="copy">                   an error in a copy alone: there is no paragraph to write
 *       <select name="text">
 *       <div data-correcting-of-text><select name="unit"><option value="OP1" data-reads="Decide to meet every two years;">
 *       <p data-correcting-show><button>Show the paragraph</button></p></form>
 *     <form>…<input id="fields" name="kind"><input name="unit"><div data-correcting-of-text><textarea name="reads">
 *
 * The other form follows each choice. What was written for one paragraph is kept while another one is looked at, and given back.
 * Another language is another page.
 */

/** @param {HTMLFormElement} form the choices @param {HTMLFormElement} fields the form that is signed */
function follow(form, fields) {
  /** @param {ParentNode} part @param {string} name */
  const control = (part, name) => /** @type {HTMLSelectElement} */ (part.querySelector(`[name="${name}"]`));
  const [kind, unit, reads] = [control(form, "kind"), control(form, "unit"), control(fields, "reads")];
  /** @type {Map<string, string>} */
  const written = new Map();
  let shown = control(fields, "unit").value;

  function show() {
    if (unit.value !== shown) {
      written.set(shown, reads.value);
      shown = unit.value;
      reads.value = written.get(shown) ?? unit.selectedOptions[0]?.dataset.reads ?? "";
    }
    const copy = kind.value === "copy";
    control(fields, "kind").value = kind.value;
    control(fields, "unit").value = unit.value;
    reads.disabled = copy;
    for (const part of [form, fields]) {
      for (const each of part.querySelectorAll("[data-correcting-of-text]")) /** @type {HTMLElement} */ (each).hidden = copy;
      for (const each of part.querySelectorAll("[data-correcting-of-copy]")) /** @type {HTMLElement} */ (each).hidden = !copy;
    }
  }

  form.addEventListener("change", ({ target }) => (target === control(form, "text") ? form.requestSubmit() : show()));
  /** @type {HTMLElement} */ (form.querySelector("[data-correcting-show]")).hidden = true;
  show(); // a browser that comes back to the page remembers the choices
}

for (const form of document.querySelectorAll("form[data-correcting]")) {
  const field = document.getElementById(form.getAttribute("data-correcting") ?? "");
  if (field instanceof HTMLInputElement && field.form) follow(/** @type {HTMLFormElement} */ (form), field.form);
}
