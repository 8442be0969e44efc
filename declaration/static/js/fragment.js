/**
 * The one place where HTML from this service becomes nodes: parsed inert, so that scripts in it never run, under the
 * Trusted Types policy "fragment", the only policy that the Content-Security-Policy allows.
 *
 * Used for previews and live regions, whose HTML the server has escaped; never for anything that is signed.
 */

/** @type {{createHTML: (html: string) => any}} */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("fragment", { createHTML: (/** @type {string} */ html) => html })
  ?? { createHTML: (html) => html };

/** @param {string} html @returns {ChildNode[]} */
export function parseFragment(html) {
  const parsed = new DOMParser().parseFromString(policy.createHTML(html), "text/html");
  for (const script of parsed.querySelectorAll("script")) script.remove();
  return Array.from(parsed.body.childNodes);
}
