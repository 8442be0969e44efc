/**
 * The redline forms while the paragraph is being edited.
 *
 *   <textarea name="text" data-preview-url="/…/preview" data-preview-target="preview"></textarea>
 *   <div id="preview" aria-live="polite">…redline rendered with the page…</div>
 *
 * A pause in typing posts the textarea's form (urlencoded, header X-Fragment: 1) to the address, which answers an HTML
 * fragment. The last answer wins; an error leaves what is shown. Without script the page is as the server made it.
 */

import { parseFragment } from "./fragment.js";
import { sameOrigin } from "./http.js";

const PAUSE_MS = 400;

/** @param {HTMLTextAreaElement} area */
function enhance(area) {
  const target = document.getElementById(area.dataset.previewTarget ?? "");
  if (!target || !area.form) return;
  let timer = 0;
  /** @type {AbortController|null} */
  let asking = null;

  async function preview() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const typed = Array.from(new FormData(/** @type {HTMLFormElement} */ (area.form))).filter(([, value]) => typeof value === "string");
    const response = await fetch(sameOrigin(area.dataset.previewUrl ?? ""), {
      method: "POST", body: new URLSearchParams(/** @type {[string, string][]} */ (typed)), signal, credentials: "same-origin",
      headers: { "X-Fragment": "1", Accept: "text/html" },
    });
    if (response.status !== 200 || response.redirected) return;
    const nodes = parseFragment(await response.text());
    if (!signal.aborted) /** @type {HTMLElement} */ (target).replaceChildren(...nodes);
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => preview().catch(() => {}), PAUSE_MS);
  });
  if (area.value !== area.defaultValue) preview().catch(() => {}); // typed before this script came, or kept over a reload
}

for (const area of document.querySelectorAll("textarea[data-preview-url]")) enhance(/** @type {HTMLTextAreaElement} */ (area));
