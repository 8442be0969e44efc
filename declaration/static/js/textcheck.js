/**
 * What you see is what you sign: recompute the digests of an adopted text from the text on the screen.
 *
 *   <div data-text-root data-manifest='{…canonical manifest…}'>
 *     <p data-unit="OP5" data-lang="tr" data-number="5"><span class="text__no">5.</span><span data-text>…</span></p>
 *
 * For every [data-text-root] of the page, each of which must hold at least one whole language:
 *
 *   1. the manifest is canonical JSON, and its SHA-256 is the statement's `object`
 *   2. each unit on the screen is one of the manifest, visible, with the number that the manifest gives
 *   3. the SHA-256 of its text is the manifest's; the text is the textContent of its one [data-text], or of the unit
 *      itself where it has none, exactly
 *   4. the units of a language are those of the manifest in that language, all, once, in order
 *   5. the canonical text of the language (blocks "[ID] number. text", an empty line between, one LF at the end) has
 *      the length and the SHA-256 of the manifest
 *   6. between the units stand no other words; inside a unit, beside its text, only its number
 *
 * Any difference is refused and names the paragraph. What this cannot see: something painted over the text by a style
 * sheet, and a service that serves other scripts than these. Whoever must be sure signs offline.
 */

import { parseCanonical } from "./canonical.js";
import { sha256Hex, utf8 } from "./bytes.js";
import { Refusal } from "./errors.js";

/**
 * @typedef {{id: string, number: string|null, sha256: Record<string, string>}} Row
 * @typedef {{texts: {lang: string, sha256: string, bytes: number, status: string}[], units: Row[]}} Manifest
 * @typedef {{id: string, lang: string, number: string|null, text: string}} Shown
 */

/**
 * @param {ParentNode} page @param {string|null} object digest that is about to be signed
 * @returns {Promise<{digest: string, languages: Record<string, string>, authentic: Record<string, string>}>} the manifest's digest, that
 *   of each language on the screen, and that of each authentic text
 */
export async function checkScreen(page, object) {
  const roots = Array.from(page.querySelectorAll("[data-text-root]"));
  if (roots.length === 0) throw new Refusal("text.missing");
  /** @type {Record<string, string>} */
  const languages = {};
  /** @type {Record<string, string>} */
  let authentic = {};
  for (const root of roots) {
    const manifest = await readManifest(root, object);
    authentic = Object.fromEntries(manifest.texts.filter((row) => row.status === "authentic").map((row) => [row.lang, row.sha256]));
    const units = shownUnits(root);
    if (units.length === 0) throw new Refusal("text.missing");
    requireNothingElse(root);
    for (const lang of new Set(units.map((unit) => unit.lang))) {
      languages[lang] = await checkLanguage(manifest, lang, units.filter((unit) => unit.lang === lang));
    }
  }
  return { digest: /** @type {string} */ (object), languages, authentic };
}

/** Canonical text of a language. @param {Shown[]} units @returns {Uint8Array<ArrayBuffer>} */
export function canonicalText(units) {
  const blocks = units.map(({ id, number, text }) => `[${id}] ${number === null ? "" : `${number}. `}${text}`);
  return utf8(`${blocks.join("\n\n")}\n`);
}

/** @param {Element} root @param {string|null} object @returns {Promise<Manifest>} */
async function readManifest(root, object) {
  const raw = root.getAttribute("data-manifest") ?? "";
  const manifest = parseCanonical(raw);
  if ((await sha256Hex(utf8(raw))) !== object) throw new Refusal("text.other-version");
  if (manifest?.type !== "manifest-v1" || !Array.isArray(manifest.units) || !Array.isArray(manifest.texts)) {
    throw new Refusal("page.malformed", { what: "manifest" });
  }
  return manifest;
}

/** @param {Element} root @returns {Shown[]} */
function shownUnits(root) {
  return Array.from(root.querySelectorAll("[data-unit]"), (element) => {
    const id = element.getAttribute("data-unit") ?? "";
    const texts = element.querySelectorAll("[data-text]");
    if (texts.length > 1 || element.querySelector("[data-unit]")) throw new Refusal("text.unit", { unit: id });
    const holder = texts[0] ?? element;
    if (!isVisible(element) || !isVisible(holder)) throw new Refusal("text.hidden", { unit: id });
    const lang = element.getAttribute("data-lang") ?? "";
    return { id, lang, number: element.getAttribute("data-number"), text: holder.textContent ?? "" };
  });
}

/** @param {Manifest} manifest @param {string} lang @param {Shown[]} shown @returns {Promise<string>} */
async function checkLanguage(manifest, lang, shown) {
  const text = manifest.texts.find((row) => row.lang === lang);
  if (!text) throw new Refusal("text.language", { lang });
  const rows = manifest.units.filter((row) => Object.hasOwn(row.sha256, lang));
  for (const [i, row] of rows.entries()) {
    const unit = shown[i];
    if (unit?.id !== row.id) throw new Refusal("text.order", { unit: row.id, lang });
    if (unit.number !== row.number) throw new Refusal("text.number", { unit: row.id, lang });
    if ((await sha256Hex(utf8(unit.text))) !== row.sha256[lang]) throw new Refusal("text.unit", { unit: row.id, lang });
  }
  if (shown.length > rows.length) throw new Refusal("text.order", { unit: shown[rows.length].id, lang });
  const bytes = canonicalText(shown);
  const digest = await sha256Hex(bytes);
  if (digest !== text.sha256 || bytes.length !== text.bytes) throw new Refusal("text.whole", { lang });
  return digest;
}

/** Words that are no part of the text, where somebody would read them as part of it. @param {Element} root */
function requireNothingElse(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const words = (node.textContent ?? "").trim();
    const parent = /** @type {Element} */ (node.parentElement);
    const unit = parent.closest("[data-unit]");
    if (words === "" || parent.closest("[data-text]") || (unit && !unit.querySelector("[data-text]"))) continue;
    const number = unit?.getAttribute("data-number");
    if (number == null || bare(words) !== bare(number)) {
      throw new Refusal("text.stray", { words: words.slice(0, 80), unit: unit?.getAttribute("data-unit") ?? "" });
    }
  }
}

/** A number without its full stop or brackets. @param {string} words */
function bare(words) {
  return words.replace(/[^\p{L}\p{N}]/gu, "");
}

/** @param {Element} element */
function isVisible(element) {
  return element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) ?? true;
}
