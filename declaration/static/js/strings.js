/**
 * Every word that these modules show. English here; a page in another language carries the same keys in
 *
 *   <script type="application/json" id="js-strings">{"act.step.sign": "İmzalanıyor", …}</script>
 *
 * and a key that it lacks is shown in English. {name} is replaced by a value. Values are put in as text, never as markup.
 * A refusal is two things in this order: what is so, and what can be done.
 */

import { Refusal } from "./errors.js";

/** @type {Record<string, string>} */
export const DEFAULTS = {
  "act.step.prepare": "Preparing what you sign",
  "act.step.text": "Comparing the text on your screen with the text you sign",
  "act.step.record": "Comparing the record with what this device saw before",
  "act.step.sign": "Signing on this device",
  "act.step.send": "Signed. Sending",
  "act.slow": "No answer yet. If nothing happens, press the button again: the same signed act is sent, and it cannot count twice.",
  "act.kept": "Signed, and kept on this device: the service cannot be reached. It is sent as soon as the network is back. You can leave this page open.",
  "act.unanswered": "Something that you signed here has not reached the service yet. It is sent as soon as the network is there.",
  "act.arrived": "What you signed on this device is in the record, once.",
  "act.receipt": "Open its receipt",
  "act.forget": "Do not send it",
  "act.forgotten": "It is not sent any more. Nothing was recorded.",
  "act.refused-late": "The service did not take what you signed here. Nothing was recorded.",
  "act.progress": "Progress of the signature",
  "act.evidence": "Both signed checkpoints, to hand to somebody who examines this",
  "act.nothing-signed": "Nothing was signed.",

  "key.none": "This device has no key for this. Your key is made once, on the device you sign with.",
  "key.not-accredited": "The key on this device is not one of those accredited for you. Use the device that has it, or restore its backup here.",
  "key.enrol": "Make a key",
  "key.restore": "Restore a backup",
  "key.unsupported": "This browser cannot make or use this kind of key. Use a current version of Chrome, Edge, Firefox or Safari.",
  "key.unknown-kind": "The key is of an unknown kind ({kind}). Enrol a new key on this device.",
  "key.malformed": "The public key stored on this device cannot be read. Restore your backup.",
  "key.self-test": "A signature made on this device did not verify. Nothing was sent. Restore your backup on another device.",

  "passkey.unsupported": "This device offers no passkey of the kind that is needed here. Use a key in this browser instead.",
  "passkey.elsewhere": "Passkeys of this forum do not work at this address. Open the page at {site}, or use a key in this browser.",
  "passkey.cancelled": "The passkey was not used: it was cancelled, your fingerprint, face or code was not accepted, or too much time passed. Press again; if this device cannot ask for them, use a key in this browser.",
  "passkey.made": "Your passkey is made: {fingerprint}. Now prove that it is yours: you will be asked once more.",
  "passkey.proving": "Proving that the passkey is yours: agree once more",
  "passkey.other": "This device has no reader of its own that this page can use. A phone nearby or a security key can hold the passkey.",

  "sign-in.working": "Signing in",
  "sign-in.choose": "Choose the key to sign in with.",
  "sign-in.none": "This browser holds no key of this forum. Sign in with a passkey or with the link in your invitation.",
  "sign-in.key": "{who}, key made on {created}",

  "passphrase.short": "The passphrase has fewer than {least} characters. Several ordinary words in a row are good.",
  "passphrase.differ": "The two passphrases are not the same. Type both again.",

  "backup.wrong-passphrase": "The passphrase is not the one of this backup, or the file is damaged. Check capital letters and the keyboard's language, and try again.",
  "backup.damaged": "The backup was decrypted but holds no key that can be used. Use another copy of it.",
  "backup.not-pem": "This is not a key backup. It begins with the line -----BEGIN ENCRYPTED PRIVATE KEY-----.",
  "backup.not-encrypted": "This private key is not encrypted, so this page does not take it. Encrypt it first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem",
  "backup.other-format": "This file is of another kind ({label}). A key backup begins with the line -----BEGIN ENCRYPTED PRIVATE KEY-----.",
  "backup.algorithm": "This backup is encrypted with a method that this page does not know ({name}). Encrypt it with PBES2, PBKDF2 and AES-256-CBC.",
  "backup.iterations": "This backup asks for {iterations} rounds of key derivation, which this page does not do. Encrypt it again with fewer.",
  "backup.key-kind": "The key in this backup is of a kind that is not used here. Ed25519 and ECDSA P-256 are.",
  "backup.self-test": "The backup could not be opened again after it was made, so the key was thrown away. Try again.",
  "backup.choose": "Choose the backup file, or paste its text.",
  "backup.undecided": "Download the backup, or say that you go on without one.",
  "backup.file-name": "signing-key-{fingerprint}.pem",

  "enrol.working": "Making your key. This takes a few seconds",
  "enrol.made": "Your key is made: {fingerprint}.",
  "enrol.present": "This device already has a key for this, made on {created}: {fingerprint}.",
  "enrol.downloaded": "The backup was downloaded.",
  "enrol.temporary": "This browser may clear the key when it has not been used for some time.",
  "enrol.signing": "Proving that the key is yours",
  "restore.working": "Opening the backup. This takes a few seconds",
  "restore.done": "The key is on this device: {fingerprint}.",

  "network.unreachable": "The service could not be reached. What you typed is still here. Try again when the connection is back.",
  "network.session": "You are signed out on this device. Sign in in another tab, then press again. What you typed is still here.",
  "service.refused": "{message} {instead}",
  "service.answer": "The service gave an unexpected answer ({status}). Try again in a minute.",
  "store.unavailable": "This browser does not let the page keep anything on this device ({reason}). Leave private browsing, or use another browser.",
  "page.malformed": "This page is not as it should be ({what}), so it is not signed. Reload it; if it stays so, tell the secretariat.",
  "statement.too-large": "This is too long to sign: at most {most} bytes. Divide it.",

  "record.fork": "This service shows this device a different record than before (entries 1 to {old}, now {new}). Do not sign. Keep this page open and tell another delegation and the secretariat by telephone.",
  "record.shorter": "This service shows this device a shorter record than before: {new} entries, and there were {old}. Do not sign. Keep this page open and tell another delegation and the secretariat by telephone.",
  "record.unverified": "The service's record could not be verified ({code}). Reload the page; if it stays so, tell the secretariat.",

  "text.missing": "The text that you are about to sign is not on this page. Reload the page.",
  "text.other-version": "The text on this page is not the version that you are about to sign. Reload the page; if it stays so, tell the secretariat.",
  "text.language": "The language {lang} is not part of the version that you are about to sign. Tell the secretariat.",
  "text.unit": "Paragraph {unit} on your screen is not the adopted text. Reload the page without extensions or translation; if it stays so, tell the secretariat.",
  "text.number": "Paragraph {unit} has another number on your screen than in the adopted text. Reload the page.",
  "text.order": "Paragraph {unit} is missing, extra or out of order on your screen. Reload the page; if it stays so, tell the secretariat.",
  "text.hidden": "Paragraph {unit} is hidden on your screen. Open the whole text before you sign.",
  "text.stray": "Words stand in the text on your screen that are no part of it: “{words}”. Reload the page without extensions; if it stays so, tell the secretariat.",
  "text.whole": "The whole text on your screen ({lang}) is not the adopted text. Reload the page; if it stays so, tell the secretariat.",

  "copy.done": "Copied",
  "copy.failed": "Not copied. Mark the text and copy it yourself.",

  "countdown.days": "{d} d {h} h",
  "countdown.hours": "{h} h {m} min",
  "countdown.minutes": "{m} min",
  "countdown.seconds": "{m} min {s} s",
  "text.looked": "Noted for you alone.",
  "text.received": "Received. The Chair and the secretariat see it.",
  "countdown.over": "ended",
  "countdown.last-minute": "One minute left",

  "error.unexpected": "Something went wrong in this page ({code}). Reload it; if it stays so, tell the secretariat.",
};

/** Refusals of the record's formats, which have no words of their own. */
const UNVERIFIED = /^(?:note|checkpoint|proof)\./;

/** @type {Record<string, string>|null} */
let translated = null;

/**
 * @param {string} key @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function words(key, values = {}) {
  translated ??= readTranslations();
  const text = translated[key] ?? DEFAULTS[key] ?? key;
  return text.replace(/\{([a-z]+)\}/g, (place, name) => String(values[name] ?? place)).trim();
}

/** An error in words, with what to do. @param {unknown} error @returns {string} */
export function explain(error) {
  if (error instanceof Refusal) {
    if (Object.hasOwn(DEFAULTS, error.code)) return words(error.code, error.values);
    if (UNVERIFIED.test(error.code)) return words("record.unverified", { code: error.code });
    return words("error.unexpected", { code: error.code });
  }
  console.error(error);
  return words("error.unexpected", { code: error instanceof Error ? error.name : "error" });
}

/** @returns {Record<string, string>} */
function readTranslations() {
  try {
    const value = JSON.parse(document.getElementById("js-strings")?.textContent ?? "{}");
    return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
  } catch {
    return {};
  }
}
