/**
 * A press is never lost, and never sent unsigned: what is pressed before the modules of a page have come waits for them.
 *
 * A classic script in the head, so that it is there before the first button. A form to be signed or to make a key (act.js,
 * enrol.js, restore.js) announces itself with the event `declaration:ready` once it listens, and the press is given to it
 * then. Meanwhile the form's [data-act-wait] says so. If the modules do not come at all, the form goes to the service after a
 * while as it would without scripts, and the service answers what to do.
 */
(() => {
  "use strict";
  const OURS = "form[data-act], form[data-act-endpoint], form[data-enrol], form[data-restore], form[data-demo-key]";
  const PATIENCE_MS = 20_000;
  const ready = new WeakSet();
  const held = new Map();

  document.addEventListener("submit", hold, true);
  document.addEventListener("declaration:ready", (event) => release(event.target));
  addEventListener("error", (event) => event.target instanceof HTMLScriptElement && [...held.keys()].forEach(release), true);

  function hold(event) {
    const form = event.target;
    if (ready.has(form) || !form.matches(OURS) || event.submitter?.hasAttribute("data-act-skip")) return;
    event.preventDefault();
    if (held.has(form)) return;
    held.set(form, { submitter: event.submitter, timer: setTimeout(() => release(form), PATIENCE_MS) });
    tell(form, true);
  }

  function release(form) {
    ready.add(form);
    const press = held.get(form);
    if (!press) return;
    held.delete(form);
    clearTimeout(press.timer);
    tell(form, false);
    form.requestSubmit(press.submitter);
  }

  function tell(form, waiting) {
    form.setAttribute("aria-busy", String(waiting));
    const words = form.querySelector("[data-act-wait]");
    if (words) words.hidden = !waiting;
  }
})();
