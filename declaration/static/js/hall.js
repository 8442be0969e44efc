/**
 * The screen in the hall, which nobody touches: <div data-hall="/…/hall/now">…as the server rendered it…</div>
 *
 * The fragment is asked for every few seconds with its ETag. A 200 replaces what is shown, a 304 keeps it; both say by the
 * server's clock as at when it holds (X-As-At). Anything else, or no answer, keeps the last state with its hour, says so in
 * [data-hall-lost], and asks again more slowly. When a countdown is over it asks at once.
 */

import { parseFragment } from "./fragment.js";
import { sameOrigin } from "./http.js";

const EVERY_MS = 3_000;
const LOST_MS = 8_000;
const PATIENCE_MS = 6_000;

const region = /** @type {HTMLElement|null} */ (document.querySelector("[data-hall]"));
let etag = "";
let timer = 0;

/** @param {Response|null} answer */
function tell(answer) {
  const lost = /** @type {HTMLElement|null} */ (document.querySelector("[data-hall-lost]"));
  if (lost) lost.hidden = answer !== null;
  const clock = document.querySelector("[data-hall-clock]");
  const hour = answer?.headers.get("X-As-At");
  if (clock && hour) clock.textContent = hour;
}

/** @param {HTMLElement} place @returns {Promise<Response>} */
async function ask(place) {
  const answer = await fetch(sameOrigin(place.dataset.hall ?? ""), {
    headers: { "X-Fragment": "1", ...(etag ? { "If-None-Match": etag } : {}) },
    credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status === 200 && !answer.redirected) {
    const nodes = parseFragment(await answer.text());
    etag = answer.headers.get("ETag") ?? "";
    place.replaceChildren(...nodes);
    place.dispatchEvent(new CustomEvent("declaration:fragment", { bubbles: true })); // countdowns begin anew
  } else if (answer.status !== 304) {
    throw new Error(String(answer.status));
  }
  return answer;
}

/** @param {HTMLElement} place */
async function follow(place) {
  clearTimeout(timer);
  const answer = await ask(place).catch(() => null);
  tell(answer);
  timer = setTimeout(() => follow(place), answer === null ? LOST_MS : EVERY_MS);
}

if (region) {
  timer = setTimeout(() => follow(region), EVERY_MS);
  region.addEventListener("declaration:countdown-over", () => {
    clearTimeout(timer);
    timer = setTimeout(() => follow(region), 1_000);
  });
}
