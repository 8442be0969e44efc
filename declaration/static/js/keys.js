/**
 * The signing keys of this device.
 *
 * A key belongs to a forum (`log`, the origin of its record) and a slot: whom it signs for, a name that the service
 * chooses, such as a person's number or a party. It is made here, Ed25519 or, where the browser has none, ECDSA P-256:
 *
 *   1. generated extractable, because only an extractable key can be backed up
 *   2. exported once, as an encrypted backup (pem.js), which is opened again as a test before it is trusted
 *   3. imported again, not extractable, and only that copy is stored; from then on no script can read it out
 *
 * No key is ever overwritten by another: a slot may hold several, and `load` takes the newest of those that the service
 * names, or the newest. A record:
 *
 *   log, slot, fingerprint    identity
 *   kind, openssh, created    "ssh-ed25519", the public line, ISO time
 *   privateKey                CryptoKey, not extractable; a passkey (passkey.js) has `credential` and `rpId` instead
 *   backup                    the encrypted PEM until its holder has downloaded or declined it, then null
 */

import { concat, fromBase64url } from "./bytes.js";
import { Refusal } from "./errors.js";
import { createPasskey, PASSKEY, signWithPasskey } from "./passkey.js";
import { decryptPrivate, encryptPrivate, privateKeyAlgorithm } from "./pem.js";
import { ED25519, fingerprint, frame, opensshLine, P256, parseOpensshLine, publicBlob, signatureBlob, tbs } from "./sshsig.js";
import * as store from "./store.js";

/**
 * @typedef {{log: string, slot: string}} Place
 * @typedef {Place & {fingerprint: string, kind: string, openssh: string, created: string, privateKey?: CryptoKey,
 *                    backup: string|null, credential?: string, rpId?: string}} KeyRecord
 */

/** @type {Record<string, any>} */
const ALGORITHMS = {
  [ED25519]: { key: { name: "Ed25519" }, signature: { name: "Ed25519" } },
  [P256]: { key: { name: "ECDSA", namedCurve: "P-256" }, signature: { name: "ECDSA", hash: "SHA-256" } },
};
const OID_ED25519 = "2b6570"; // 1.3.101.112
const OID_EC = "2a8648ce3d0201"; // 1.2.840.10045.2.1
const OID_P256 = "2a8648ce3d030107"; // 1.2.840.10045.3.1.7
export const MIN_PASSPHRASE = 12;

/** At least 12 characters, counted as people count code points, and no rules of composition. @param {string} passphrase */
export function checkPassphrase(passphrase) {
  if (Array.from(passphrase.normalize("NFC")).length < MIN_PASSPHRASE) {
    throw new Refusal("passphrase.short", { least: MIN_PASSPHRASE });
  }
}

/**
 * Make a key, store it, and give its encrypted backup.
 * @param {Place} place @param {string} passphrase
 * @returns {Promise<KeyRecord>} `backup` is the PEM
 */
export async function generate(place, passphrase) {
  checkPassphrase(passphrase);
  const { kind, pair } = await generatePair();
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  try {
    const backup = await encryptPrivate(pkcs8, passphrase);
    const opened = await decryptPrivate(backup, passphrase);
    const record = await recordOf(place, opened, backup);
    if (record.kind !== kind) throw new Refusal("backup.self-test");
    opened.fill(0);
    await store.put("keys", record);
    return record;
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * Put the key of a backup into a slot of this device.
 * @param {Place} place @param {string} pem @param {string} passphrase @returns {Promise<KeyRecord>}
 */
export async function restore(place, pem, passphrase) {
  const pkcs8 = await decryptPrivate(pem, passphrase);
  try {
    const record = await recordOf(place, pkcs8, null);
    await store.put("keys", record);
    return record;
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * Make a passkey for a slot. Its private half stays with the authenticator; this device remembers how to ask for it.
 * @param {Place} place @param {{rpId: string, rpName: string, userName: string}} names @returns {Promise<KeyRecord>}
 */
export async function enrolPasskey({ log, slot }, names) {
  const record = { log, slot, created: new Date().toISOString(), backup: null, ...(await createPasskey(names)) };
  await store.put("keys", record);
  return record;
}

/** Every key of a slot, oldest first. @param {Place} place @returns {Promise<KeyRecord[]>} */
export async function list({ log, slot }) {
  const records = await store.all("keys", IDBKeyRange.bound([log, slot], [log, slot, []]));
  return records.sort((a, b) => (a.created < b.created ? -1 : 1));
}

/** Every key of this device in a forum, whosever it is, newest first. @param {string} log @returns {Promise<KeyRecord[]>} */
export async function all(log) {
  const records = await store.all("keys", IDBKeyRange.bound([log], [log, []]));
  return records.sort((a, b) => (a.created < b.created ? 1 : -1));
}

/**
 * The key to sign with: the newest of those accredited, or the newest where the page names none.
 * @param {Place} place
 * @param {string[]} [accredited] fingerprints
 * @returns {Promise<KeyRecord|null>}
 */
export async function load(place, accredited = []) {
  const records = await list(place);
  const usable = accredited.length ? records.filter((record) => accredited.includes(record.fingerprint)) : records;
  return usable.at(-1) ?? null;
}

/** Forget a key on this device. @param {KeyRecord} record */
export async function remove(record) {
  await store.remove("keys", [record.log, record.slot, record.fingerprint]);
}

/** The backup has been downloaded or declined: this device no longer keeps it. @param {KeyRecord} record */
export async function settleBackup(record) {
  record.backup = null;
  await store.put("keys", record);
}

/**
 * Sign a message as SSHSIG, and check the signature before it is used.
 * @param {KeyRecord} record @param {string} namespace @param {Uint8Array} message
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the SSHSIG blob
 */
export async function sign(record, namespace, message) {
  const data = await tbs(namespace, message);
  const { blob } = parseOpensshLine(record.openssh);
  if (record.kind === PASSKEY) {
    const passkey = { credential: record.credential ?? "", rpId: record.rpId ?? "" };
    return frame(blob, namespace, await signWithPasskey(passkey, data));
  }
  const { key, signature } = ALGORITHMS[record.kind];
  const raw = new Uint8Array(await crypto.subtle.sign(signature, /** @type {CryptoKey} */ (record.privateKey), data));
  const publicKey = await crypto.subtle.importKey("raw", blob.slice(record.kind === P256 ? -65 : -32), key, false, ["verify"]);
  if (!(await crypto.subtle.verify(signature, publicKey, raw, data))) throw new Refusal("key.self-test");
  return signatureBlob({ kind: record.kind, blob, namespace, raw });
}

/** Ask the browser to keep what is stored here. @returns {Promise<boolean>} false: it may be cleared without asking */
export async function persist() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** Tell the page that the keys of this device have changed. @param {KeyRecord} record */
export function announce(record) {
  document.dispatchEvent(new CustomEvent("declaration:key", { detail: { log: record.log, slot: record.slot } }));
}

/** @returns {Promise<{kind: string, pair: CryptoKeyPair}>} */
async function generatePair() {
  for (const kind of [ED25519, P256]) {
    try {
      const pair = await crypto.subtle.generateKey(ALGORITHMS[kind].key, true, ["sign", "verify"]);
      return { kind, pair: /** @type {CryptoKeyPair} */ (pair) };
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "NotSupportedError")) throw error;
    }
  }
  throw new Refusal("key.unsupported");
}

/** @param {Place} place @param {Uint8Array<ArrayBuffer>} pkcs8 @param {string|null} backup @returns {Promise<KeyRecord>} */
async function recordOf({ log, slot }, pkcs8, backup) {
  const { algorithm, curve } = privateKeyAlgorithm(pkcs8);
  const kind = algorithm === OID_ED25519 ? ED25519 : algorithm === OID_EC && curve === OID_P256 ? P256 : null;
  if (kind === null) throw new Refusal("backup.key-kind");
  const raw = await publicOf(kind, pkcs8);
  const privateKey = await importPrivate(kind, pkcs8, false);
  const blob = publicBlob(kind, raw);
  const created = new Date().toISOString();
  return { log, slot, fingerprint: await fingerprint(blob), kind, openssh: opensshLine(kind, blob), created, privateKey, backup };
}

/** The public key that belongs to a private one; WebCrypto derives it when it writes a JWK. @param {string} kind @param {Uint8Array<ArrayBuffer>} pkcs8 */
async function publicOf(kind, pkcs8) {
  const { x, y } = await crypto.subtle.exportKey("jwk", await importPrivate(kind, pkcs8, true));
  if (x === undefined) throw new Refusal("key.unsupported");
  return kind === P256 ? concat(Uint8Array.of(4), fromBase64url(x), fromBase64url(y ?? "")) : fromBase64url(x);
}

/** @param {string} kind @param {Uint8Array<ArrayBuffer>} pkcs8 @param {boolean} extractable */
async function importPrivate(kind, pkcs8, extractable) {
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHMS[kind].key, extractable, ["sign"]);
  } catch (error) {
    const unsupported = error instanceof DOMException && error.name === "NotSupportedError";
    throw new Refusal(unsupported ? "key.unsupported" : "backup.damaged");
  }
}
