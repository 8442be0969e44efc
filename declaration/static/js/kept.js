/**
 * Words that were typed on this device and are not yet saved by the service, in localStorage: it is written before a page goes
 * away, where a database may be too late.
 *
 * A slot is one form on one page: its name is "draft <owner> <draft> <number>", so that two tabs never write over each other.
 * `owner` is the person and the forum: on a device that several people use, nobody is offered another one's words.
 * A browser that stores nothing keeps nothing, and drafting goes on without it.
 *
 * @typedef {{at: number, title: string, page: string, action: string, fields: [string, string][], queued: string|null}} Slot
 */

const LIFE_MS = 30 * 24 * 60 * 60 * 1000;
const PREFIX = "draft ";

/** @param {string} owner @param {string} draft @returns {string} a name that no other page has */
export function fresh(owner, draft) {
  return `${PREFIX}${owner} ${draft} ${Date.now()}-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
}

/** Slots whose name begins so, the newest first; old ones are forgotten. @param {string} owner @param {string} [draft] @returns {[string, Slot][]} */
export function all(owner, draft) {
  const start = draft === undefined ? `${PREFIX}${owner} ` : `${PREFIX}${owner} ${draft} `;
  /** @type {[string, Slot][]} */
  const found = [];
  for (const name of names()) {
    const slot = read(name);
    if (!slot || Date.now() - slot.at > LIFE_MS) remove(name);
    else if (name.startsWith(start)) found.push([name, slot]);
  }
  return found.sort((one, other) => other[1].at - one[1].at);
}

/** @param {string} name @param {Slot} slot @returns {boolean} whether it is kept */
export function put(name, slot) {
  try {
    localStorage.setItem(name, JSON.stringify(slot));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function remove(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing is stored, so nothing is left.
  }
}

/**
 * Whether two forms say the same; the number of the button, the key and what is chosen for adding do not count.
 * @param {[string, string][]} one @param {[string, string][]} other
 */
export function same(one, other) {
  return JSON.stringify(said(one)) === JSON.stringify(said(other));
}

/** @param {[string, string][]} fields @param {string} name @returns {string} */
export function field(fields, name) {
  return fields.find(([key]) => key === name)?.[1] ?? "";
}

/** @param {[string, string][]} fields */
function said(fields) {
  const ours = /^(?:op|unit|text|target)(?:-\d+)?$|^rationale$|^language$/;
  return fields.filter(([name]) => ours.test(name)).map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]);
}

/** @returns {string[]} */
function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/** @param {string} name @returns {Slot|null} */
function read(name) {
  try {
    const slot = JSON.parse(localStorage.getItem(name) ?? "null");
    return slot && Array.isArray(slot.fields) && typeof slot.at === "number" ? slot : null;
  } catch {
    return null;
  }
}
