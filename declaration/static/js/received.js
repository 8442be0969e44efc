/**
 * A delegation has received the text: <form data-received method="post" action="/…/text/received">; a signatory has looked at
 * one: <form data-received="text.looked" …>, whose value is the key of the words that thank.
 *
 * Once the page has been before somebody's eyes for a few seconds the form sends itself and thanks in one line. Where that
 * fails the form stays, with its button, as it does without scripts.
 */

import { sameOrigin } from "./http.js";
import { element } from "./panel.js";
import { words } from "./strings.js";

const READ_MS = 3_000;

/** @param {HTMLFormElement} form */
async function send(form) {
  const body = new URLSearchParams(Array.from(new FormData(form), ([name, value]) => [name, String(value)]));
  const answer = await fetch(sameOrigin(form.action), { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
  const thanks = form.getAttribute("data-received") || "text.received";
  if (answer.status === 204) form.replaceChildren(element("p", { class: "meta", role: "status" }, words(thanks)));
}

/** @param {HTMLFormElement} form */
function wait(form) {
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => wait(form), { once: true });
    return;
  }
  setTimeout(() => send(form).catch(() => {}), READ_MS);
}

for (const form of document.querySelectorAll("form[data-received]")) wait(/** @type {HTMLFormElement} */ (form));
