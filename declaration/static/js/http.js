/**
 * Asking this service, and nobody else, with an answer in words for everything that can go wrong.
 *
 *   network.unreachable   no answer, or none in 20 seconds
 *   network.session       the answer is a sign-in page
 *   service.refused       the service said why, in JSON: `detail` (RFC 9457) or `message`, and `instead`
 *   service.answer        any other answer that is not 200
 *
 * Nothing is cached, and a redirect is never followed to a meaning: an answer counts only from the address that was asked.
 */

import { Refusal } from "./errors.js";

const PATIENCE_MS = 20_000;

/** @param {string} address relative to the page @param {RequestInit} [init] @returns {Promise<Response>} status 200 */
export async function ask(address, init = {}) {
  const url = sameOrigin(address);
  let response;
  try {
    response = await fetch(url, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS), ...init });
  } catch {
    throw new Refusal("network.unreachable");
  }
  if (response.redirected || response.status === 401) throw new Refusal("network.session");
  if (response.status !== 200) throw await refusalOf(response);
  return response;
}

/** @param {string} address @param {RequestInit} [init] @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function askBytes(address, init) {
  const response = await ask(address, init);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Refusal("network.unreachable"); // the connection broke while the answer came
  }
}

/** @param {string} address @param {RequestInit} [init] @returns {Promise<any>} */
export async function askJson(address, init = {}) {
  const bytes = await askBytes(address, { ...init, headers: { Accept: "application/json" } });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal("service.answer", { status: 200 });
  }
}

/** @param {string} address @returns {URL} */
export function sameOrigin(address) {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) throw new Refusal("page.malformed", { what: address });
  return url;
}

/** @param {Response} response @returns {Promise<Refusal>} */
async function refusalOf(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (/^application\/(?:problem\+)?json\b/.test(type)) {
    const answer = await response.json().catch(() => null);
    const message = answer?.detail ?? answer?.message;
    if (typeof message === "string") {
      const instead = typeof answer.instead === "string" ? answer.instead : "";
      return new Refusal("service.refused", { message, instead });
    }
  }
  return new Refusal("service.answer", { status: response.status });
}
