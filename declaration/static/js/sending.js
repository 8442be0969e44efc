/**
 * Sending a draft to the service, as often as it takes: the form carries a key, so that however often it arrives it is one draft.
 *
 * @typedef {{kind: "saved", url: string} | {kind: "answered"} | {kind: "unreachable"}} Outcome
 */

import { sameOrigin } from "./http.js";

const PATIENCE_MS = 20_000;
const NOBODY_THERE = new Set([502, 503, 504]);

/**
 * @param {string} action @param {[string, string][]} fields @param {string} what the button: save, ask or release
 * @returns {Promise<Outcome>} `answered` where the service says something that a person has to read
 */
export async function send(action, fields, what) {
  const body = new URLSearchParams([...fields.filter(([name]) => name !== "do"), ["do", what]]);
  try {
    const response = await fetch(sameOrigin(action), {
      method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (NOBODY_THERE.has(response.status)) return { kind: "unreachable" };
    if (response.status !== 200) return { kind: "answered" };
    const answer = await response.json();
    return typeof answer.url === "string" ? { kind: "saved", url: sameOrigin(answer.url).href } : { kind: "answered" };
  } catch {
    return { kind: "unreachable" };
  }
}
