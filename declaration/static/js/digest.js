/**
 * A digest for human eyes: filled only after the text on the screen gave that digest (textcheck.js).
 *
 *   [data-digest-shown]         the digest of the version, 64 hexadecimal digits; [data-digest-shown="tr"] that of a language
 *                               with data-digest-grouped: in groups of four digits, as they are read to each other
 *   [data-digest-words="6"]     a list of that many words, one a byte from the first on, to compare with the hall's screen;
 *                               data-wordlist names the <script type="application/json"> of exactly 256 words. Without a
 *                               list, groups of four hexadecimal digits
 */

import { fromHex } from "./bytes.js";
import { element } from "./panel.js";

/** @param {ParentNode} page @param {{digest: string, languages: Record<string, string>}} checked */
export async function showDigest(page, { digest, languages }) {
  for (const place of page.querySelectorAll("[data-digest-shown]")) {
    const lang = place.getAttribute("data-digest-shown") ?? "";
    const shown = lang === "" ? digest : languages[lang] ?? "";
    place.textContent = place.hasAttribute("data-digest-grouped") ? (shown.match(/.{4}/g) ?? []).join(" ") : shown;
  }
  for (const place of page.querySelectorAll("[data-digest-words]")) {
    const count = Number(place.getAttribute("data-digest-words")) || 6;
    const spoken = digestWords(digest, count, readList(place.getAttribute("data-wordlist")));
    place.replaceChildren(...spoken.map((word) => element("li", {}, word)));
  }
}

/** @param {string} digest hex @param {number} count @param {string[]|null} list 256 words @returns {string[]} */
export function digestWords(digest, count, list) {
  if (list === null) return (digest.match(/.{4}/g) ?? []).slice(0, count);
  return Array.from(fromHex(digest).slice(0, count), (byte) => list[byte]);
}

/** @param {string|null} id @returns {string[]|null} */
function readList(id) {
  try {
    const list = JSON.parse(document.getElementById(id ?? "")?.textContent ?? "");
    return Array.isArray(list) && list.length === 256 ? list : null;
  } catch {
    return null;
  }
}
