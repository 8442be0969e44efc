/**
 * A choice that brings a likely value for another field: <input type="radio" data-suggests="2025-11-25T04:00" data-for="id">
 *
 * The field follows the choice until the person writes into it; what somebody wrote is never replaced. Without a script the
 * field keeps the suggestion of the first choice, and each choice says in words what the rules demand. Listens on the
 * document, since parts of a page are renewed in place.
 */

/** @type {WeakSet<EventTarget>} */
const written = new WeakSet();

document.addEventListener("input", (event) => {
  if (event.target) written.add(event.target);
});

document.addEventListener("change", ({ target: choice }) => {
  if (!(choice instanceof HTMLInputElement) || choice.dataset.suggests === undefined || !choice.checked) return;
  const field = document.getElementById(choice.dataset.for ?? "");
  if (field instanceof HTMLInputElement && !written.has(field)) field.value = choice.dataset.suggests;
});
