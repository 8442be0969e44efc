/**
 * Time left, kept current: <time class="countdown__left" data-until="2025-11-25T04:00:00Z" data-now="2025-11-24T17:40:00Z">
 *
 * Units of minutes; seconds only in the last ten minutes; heard once, a minute before the end, and at the end. A
 * <progress> in the same .countdown, whose max is in minutes, moves along. The server's clock decides, so `data-now`, its
 * time when the page was made, corrects the device's; the same may stand on <html data-now>. At the end the event
 * "declaration:countdown-over" bubbles from the element. The text that the server wrote stays where there is no script.
 */

import { element } from "./panel.js";
import { words } from "./strings.js";

const MINUTE = 60_000;
const answered = performance.getEntriesByType("navigation")[0]?.toJSON().responseStart ?? 0;
const arrived = Date.now() - (performance.now() - answered); // by this device's clock, when the page came

/** @param {number} left milliseconds @returns {string} */
export function spell(left) {
  if (left <= 0) return words("countdown.over");
  const seconds = Math.ceil(left / 1000);
  if (seconds <= 600) return words("countdown.seconds", { m: Math.floor(seconds / 60), s: seconds % 60 });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return words("countdown.minutes", { m: minutes });
  if (minutes < 24 * 60) return words("countdown.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
  return words("countdown.days", { d: Math.floor(minutes / 1440), h: Math.floor((minutes % 1440) / 60) });
}

/** @param {HTMLElement} place */
function enhance(place) {
  const until = Date.parse(place.dataset.until ?? "");
  if (Number.isNaN(until)) return;
  const now = Date.parse(place.dataset.now ?? document.documentElement.dataset.now ?? "");
  const behind = Number.isNaN(now) ? 0 : now - arrived;
  const bar = place.closest(".countdown")?.querySelector("progress");
  const voice = element("span", { class: "vh", role: "status" });
  place.after(voice);
  let before = Infinity;

  function tick() {
    if (!place.isConnected) return; // replaced by a newer fragment
    const left = until - (Date.now() + behind);
    place.textContent = spell(left);
    if (bar) bar.value = Math.max(0, Math.min(bar.max, bar.max - left / MINUTE));
    if (before > MINUTE && before !== Infinity && left <= MINUTE && left > 0) voice.textContent = words("countdown.last-minute");
    if (left <= 0) {
      if (before > 0 && before !== Infinity) voice.textContent = words("countdown.over");
      place.dispatchEvent(new CustomEvent("declaration:countdown-over", { bubbles: true }));
      return;
    }
    before = left;
    setTimeout(tick, left <= 10 * MINUTE + 1000 ? left % 1000 || 1000 : Math.min(left % MINUTE || MINUTE, left - 10 * MINUTE));
  }

  tick();
}

/** @param {ParentNode} part of the page */
function enhanceAll(part) {
  for (const place of part.querySelectorAll("[data-until]")) enhance(/** @type {HTMLElement} */ (place));
}

enhanceAll(document);
document.addEventListener("declaration:fragment", (event) => enhanceAll(/** @type {Element} */ (event.target)));
