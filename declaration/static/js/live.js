/**
 * Live regions: <main data-live="topic" data-live-url="/…/panel"> …as the server rendered it… </main>
 *
 * The event stream says only that a topic changed and the number of the change; the HTML comes from an ordinary GET with
 * ETag, so that access rules and caching stay in one place. `data-live-events` on <html> or on the region names the stream
 * ("/events"). Rules learned by trial:
 *
 *   - text is never pulled from under somebody who types or signs: the region is marked data-stale until the next change
 *   - a hidden page closes its stream, which frees one of the six connections of HTTP/1.1 and the phone's battery
 *   - EventSource gives up for good on an answer that is not a stream; then the page polls, ever more slowly
 *   - anything but a plain 200 (not modified, a sign-in page, an error) keeps what is shown
 */

import { parseFragment } from "./fragment.js";
import { sameOrigin } from "./http.js";

const FIRST_POLL_MS = 2_000;
const SLOWEST_POLL_MS = 20_000;
const TRY_AGAIN_MS = 60_000;

/** @type {Map<string, string>} */
const etags = new Map();
/** @type {EventSource|null} */
let source = null;
let last = 0;
let timer = 0;
let delay = FIRST_POLL_MS;

/** @param {HTMLElement} region */
async function refresh(region) {
  const url = sameOrigin(region.dataset.liveUrl ?? "").href;
  const known = etags.get(url);
  const headers = { "X-Fragment": "1", ...(known ? { "If-None-Match": known } : {}) };
  const response = await fetch(url, { headers, credentials: "same-origin", cache: "no-store" });
  if (response.status !== 200 || response.redirected) return;
  const html = await response.text();
  const active = region.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  if (active?.matches("input, textarea, select, [contenteditable]") || region.querySelector('[aria-busy="true"]')) {
    region.dataset.stale = "";
    return;
  }
  etags.set(url, response.headers.get("ETag") ?? "");
  region.replaceChildren(...parseFragment(html));
  delete region.dataset.stale;
  region.dispatchEvent(new CustomEvent("declaration:fragment", { bubbles: true })); // other modules enhance what is new
  if (active?.id) document.getElementById(active.id)?.focus({ preventScroll: true });
}

/** @param {string} [topic] */
function refreshAll(topic) {
  for (const region of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
    if (topic === undefined || region.dataset.live === topic) refresh(region).catch(() => {});
  }
}

function poll() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    refreshAll();
    delay = Math.min(delay * 1.5, SLOWEST_POLL_MS);
    poll();
  }, delay + Math.random() * 1000);
}

function open() {
  const place = /** @type {HTMLElement|null} */ (document.querySelector("[data-live-events]"));
  if (source || document.hidden || !place) return;
  const url = sameOrigin(place.dataset.liveEvents ?? "");
  if (last) url.searchParams.set("after", String(last));
  source = new EventSource(url);
  source.addEventListener("change", (event) => {
    last = Number(event.lastEventId) || last;
    refreshAll(JSON.parse(event.data).topic);
  });
  source.addEventListener("open", () => {
    clearTimeout(timer);
    delay = FIRST_POLL_MS;
  });
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // it reconnects by itself
    close();
    poll();
    setTimeout(open, TRY_AGAIN_MS);
  });
}

function close() {
  source?.close();
  source = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    close();
    clearTimeout(timer);
  } else {
    refreshAll();
    open();
  }
});
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  refreshAll();
  open();
});
if (document.querySelector("[data-live]")) open();
