/**
 * Checkpoints (c2sp.org/tlog-checkpoint): what a record claims to contain, signed by its key.
 *
 * The text of the note is three lines, each ended by LF:
 *
 *   declaration.example/forum     origin
 *   42                            size, canonical decimal
 *   nND/nri/U0xuHUrYSy0H...       root hash, base64 of 32 bytes
 *
 * Further lines (extensions) are refused: this service writes none, and what is not understood is not relied on.
 */

import { equal, fromBase64, toHex } from "./bytes.js";
import { Refusal } from "./errors.js";
import { emptyRoot } from "./merkle.js";
import { openNote, parseVkey } from "./note.js";

/** @typedef {{origin: string, size: number, root: Uint8Array<ArrayBuffer>}} Checkpoint */

/**
 * @param {Uint8Array} note @param {string} vkey @param {string} origin the record that must be speaking
 * @returns {Promise<Checkpoint>}
 */
export async function openCheckpoint(note, vkey, origin) {
  const checkpoint = parseCheckpoint(await openNote(note, await parseVkey(vkey)));
  if (checkpoint.origin !== origin) throw new Refusal("checkpoint.origin", { origin, other: checkpoint.origin });
  if (checkpoint.size === 0 && !equal(checkpoint.root, await emptyRoot())) throw new Refusal("checkpoint.malformed");
  return checkpoint;
}

/** @param {string} text @returns {Checkpoint} */
export function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "" || lines[0] === "") throw new Refusal("checkpoint.malformed");
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(lines[1]) || !Number.isSafeInteger(Number(lines[1]))) throw new Refusal("checkpoint.malformed");
  const root = fromBase64(lines[2]);
  if (root.length !== 32) throw new Refusal("checkpoint.malformed");
  return { origin: lines[0], size: Number(lines[1]), root };
}

/** As statements cite it: "size:root in hex". @param {Checkpoint} checkpoint @returns {string} */
export function seen({ size, root }) {
  return `${size}:${toHex(root)}`;
}
