/**
 * Signed notes (c2sp.org/signed-note): a text, an empty line, and lines of signatures over the text.
 *
 *   declaration.example/log LF
 *   42 LF
 *   nND/nri/U0xuHUrYSy0H... LF
 *   LF
 *   — declaration.example/log base64(key id ‖ signature) LF
 *
 * The text ends with LF, and it is the text with that LF that is signed. A verifier key is
 * "name+key id in hex+base64(type ‖ public key)"; type 01 is Ed25519; key id = SHA-256(name ‖ 0A ‖ type ‖ public key)[:4].
 * A bad signature under the name and id of the known key rejects the note, whatever stands beside it, and so does a
 * second one; signatures of other keys are ignored; a note without a signature of the known key is refused.
 */

import { concat, equal, fromBase64, fromHex, fromUtf8, sha256, utf8 } from "./bytes.js";
import { verifyEd25519 } from "./ed25519.js";
import { Refusal } from "./errors.js";

const TYPE_ED25519 = 1;
const MAX_BYTES = 64 * 1024;
const MAX_SIGNATURES = 100;

/** @typedef {{name: string, id: Uint8Array<ArrayBuffer>, key: Uint8Array<ArrayBuffer>}} Verifier */

/** @param {string} vkey @returns {Promise<Verifier>} */
export async function parseVkey(vkey) {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(vkey);
  if (!match) throw new Refusal("note.vkey");
  const [, name, idHex, encoded] = match;
  const data = fromBase64(encoded);
  const id = fromHex(idHex);
  if (data.length !== 33 || data[0] !== TYPE_ED25519) throw new Refusal("note.vkey");
  const expected = await sha256(concat(utf8(name), Uint8Array.of(0x0a), data));
  if (!equal(expected.slice(0, 4), id)) throw new Refusal("note.vkey");
  return { name, id, key: data.slice(1) };
}

/**
 * The text of a note that the verifier's key has signed.
 * @param {Uint8Array} bytes @param {Verifier} verifier @returns {Promise<string>}
 */
export async function openNote(bytes, verifier) {
  if (bytes.length > MAX_BYTES) throw new Refusal("note.malformed");
  const note = fromUtf8(bytes);
  if (/[\x00-\x09\x0b-\x1f]/.test(note)) throw new Refusal("note.malformed");
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) throw new Refusal("note.malformed");
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new Refusal("note.malformed");
  const ours = lines.map(parseLine).filter(({ name, id }) => name === verifier.name && equal(id, verifier.id));
  if (ours.length === 0) throw new Refusal("note.unsigned", { name: verifier.name });
  for (const { signature } of ours) {
    if (!(await verifyEd25519(verifier.key, signature, utf8(text)))) throw new Refusal("note.bad-signature", { name: verifier.name });
  }
  if (ours.length > 1) throw new Refusal("note.repeated", { name: verifier.name });
  return text;
}

/** @param {string} line @returns {{name: string, id: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>}} */
function parseLine(line) {
  const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
  if (!match) throw new Refusal("note.malformed");
  const data = fromBase64(match[2]);
  if (data.length < 5) throw new Refusal("note.malformed");
  return { name: match[1], id: data.slice(0, 4), signature: data.slice(4) };
}
