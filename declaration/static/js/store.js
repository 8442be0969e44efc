/**
 * What this device remembers, in one IndexedDB database, "declaration":
 *
 *   keys          signing keys of this device, by forum, slot and fingerprint (keys.js)
 *   checkpoints   the last verified checkpoint of each forum's record (record.js)
 *   acts          acts signed here whose answer has not been seen yet (outbox.js)
 *
 * A browser that stores nothing (private windows of some, a full disk) gives the refusal `store.unavailable`.
 */

import { Refusal } from "./errors.js";

const NAME = "declaration";
const VERSION = 1;
/** @type {Record<string, string|string[]>} */
const STORES = { keys: ["log", "slot", "fingerprint"], checkpoints: "log", acts: "id" };

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked by another tab"));
  });
}

/**
 * Run one request in a transaction of its own; resolves when the transaction is on disk.
 * @template T
 * @param {string} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
async function run(name, mode, work) {
  /** @type {IDBDatabase|undefined} */
  let database;
  try {
    database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = /** @type {IDBDatabase} */ (database).transaction(name, mode, { durability: "strict" });
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } catch (error) {
    throw new Refusal("store.unavailable", { reason: error instanceof Error ? error.name : String(error) });
  } finally {
    database?.close();
  }
}

/** @param {string} name @param {IDBValidKey} key @returns {Promise<any>} undefined where there is none */
export function get(name, key) {
  return run(name, "readonly", (store) => store.get(key));
}

/** @param {string} name @param {IDBKeyRange} [range] @returns {Promise<any[]>} */
export function all(name, range) {
  return run(name, "readonly", (store) => store.getAll(range));
}

/** @param {string} name @param {object} value @returns {Promise<unknown>} */
export function put(name, value) {
  return run(name, "readwrite", (store) => store.put(value));
}

/** @param {string} name @param {IDBValidKey} key @returns {Promise<unknown>} */
export function remove(name, key) {
  return run(name, "readwrite", (store) => store.delete(key));
}
