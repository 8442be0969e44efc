/**
 * <button type="button" data-share="id of an element" data-share-title="…" hidden>Share</button>: hands the element's value, an
 * address, to whatever the device shares with.
 *
 * The button is shown only where the device has such a sheet; nothing is sent by this page.
 */

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-share]"))) {
  const source = /** @type {HTMLInputElement|null} */ (document.getElementById(button.dataset.share ?? ""));
  const data = { title: button.dataset.shareTitle ?? document.title, url: source?.value ?? "" };
  if (!source || !navigator.canShare?.(data)) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share(data).catch(() => undefined)); // closed again: nothing to say
}
