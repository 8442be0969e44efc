// Signed notes (c2sp.org/signed-note), checkpoints (c2sp.org/tlog-checkpoint) and the policy that says whose signature one must carry.

const LOG_KEY = 1;
const WITNESS_KEY = 4;
const KEY_NAME = /^[^\s+\x00-\x1f\x7f]{1,200}$/u;

function readVkey(text, algorithm) {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  const [name, id, encoded] = [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
  if (first < 0 || second < 0 || !/^[0-9a-f]{8}$/.test(id)) refuse("note.vkey", "a verifier key is name+id+key");
  const data = fromBase64(encoded);
  if (data.length !== 33) refuse("note.vkey", "a verifier key has 33 bytes");
  if (!KEY_NAME.test(name)) refuse("note.name", "a key's name has no spaces, plus signs or control characters");
  if (![LOG_KEY, WITNESS_KEY].includes(data[0])) refuse("note.algorithm", "a key of an unknown algorithm");
  if (!isStrongEd25519(data.subarray(1))) refuse("key.weak", "an Ed25519 key that is not canonical or of small order");
  if (toHex(sha256(toBytes(`${name}\n`), data).subarray(0, 4)) !== id) refuse("note.vkey", "the id in a verifier key is not the key's");
  if (data[0] !== algorithm) refuse("policy.key", "a key of another kind than is wanted here");
  return { name, id, point: data.subarray(1), algorithm, text };
}

/** One statement a line (c2sp.org/tlog-policy): one log, witnesses, groups, the quorum. Nobody is counted twice. */
function readPolicy(bytes) {
  const text = LATIN.decode(bytes);
  if (!/^[\t\n\x20-\x7e]*$/.test(text)) refuse("policy.letters", "the policy is not lines of ASCII");
  const reader = new PolicyReader();
  text.split("\n").forEach((line, index) => {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (!words.length || words[0].startsWith("#")) return;
    try {
      reader.line(...words);
    } catch (error) {
      if (error instanceof Refusal) error.message = `policy, line ${index + 1}: ${error.message}`;
      throw error;
    }
  });
  const { policy } = reader;
  if (!policy.log || policy.quorum === undefined) refuse("policy.incomplete", "a policy names its log and says what quorum it wants");
  return policy;
}

class PolicyReader {
  constructor() {
    this.policy = { log: null, witnesses: new Map(), groups: new Map(), quorum: undefined };
    this.points = new Set();
    this.grouped = new Set();
  }

  line(verb, name, value, ...rest) {
    const { policy } = this;
    if (verb === "log" && name && !rest.length && !policy.log && this.isAddress(value)) policy.log = readVkey(name, LOG_KEY);
    else if (verb === "witness" && value && rest.length < 2 && this.isFree(name) && this.isAddress(rest[0])) {
      policy.witnesses.set(name, this.witness(value));
    } else if (verb === "group" && rest.length && this.isFree(name)) policy.groups.set(name, this.group(value, rest));
    else if (verb === "quorum" && name && value === undefined && policy.quorum === undefined && (name === "none" || this.isKnown(name))) {
      policy.quorum = name === "none" ? null : name;
    } else refuse("policy.statement", "not a statement of a policy, or one that is out of place");
  }

  isKnown(name) {
    return this.policy.witnesses.has(name) || this.policy.groups.has(name);
  }

  isFree(name) {
    return name !== "none" && !this.isKnown(name);
  }

  isAddress(text) {
    if (text !== undefined && !/^https?:\/\/[!-~]+$/.test(text)) refuse("policy.address", "not an address that begins with https:// or http://");
    return true;
  }

  witness(vkey) {
    const key = readVkey(vkey, WITNESS_KEY);
    if (this.points.has(toHex(key.point))) refuse("policy.key", "a witness's key that stands above already");
    this.points.add(toHex(key.point));
    return key;
  }

  group(needed, members) {
    const fits = new Set(members).size === members.length && members.every((each) => this.isKnown(each) && !this.grouped.has(each));
    if (!fits) refuse("policy.group", "a group of members that are known, each once and in no other group");
    const count = { any: 1, all: members.length }[needed] ?? decimal(needed);
    if (count < 1 || count > members.length) refuse("policy.group", "a group that cannot be met, or is met by nobody");
    members.forEach((each) => this.grouped.add(each));
    return { count, members };
  }
}

/** The text of a note and those of the known keys that have signed it. A known key's bad signature refuses the whole. */
async function openNote(bytes, keys) {
  const known = new Map();
  for (const key of keys) {
    const place = `${key.name} ${key.id}`;
    if (known.has(place) && known.get(place).text !== key.text) refuse("note.ambiguous-key", "two known keys share a name and an id");
    known.set(place, key);
  }
  if (bytes.length > 65536) refuse("note.too-long", "a note of more than 64 KiB");
  const whole = fromUtf8(bytes, "note.text");
  const cut = whole.lastIndexOf("\n\n");
  if (cut < 0 || !whole.endsWith("\n")) refuse("note.form", "a note is a text, an empty line and signatures");
  const text = whole.slice(0, cut + 1);
  if (/[\x00-\x09\x0b-\x1f]/.test(text)) refuse("note.text", "a note's text is lines without control characters");
  const rows = whole.slice(cut + 2, -1).split("\n");
  if (rows.length > 100) refuse("note.form", "a note with too many signatures");
  const lines = rows.map((row) => {
    const match = /^\u2014 ([^ ]+) (.*)$/s.exec(row);
    if (!match || !KEY_NAME.test(match[1])) refuse("note.form", "a signature line is a dash, a name and base64");
    const data = fromBase64(match[2]);
    if (data.length < 5) refuse("note.form", "a signature line with too few bytes");
    return { name: match[1], id: toHex(data.subarray(0, 4)), signature: data.subarray(4) };
  });
  const signed = new Set();
  for (const { name, id, signature } of lines) {
    const key = known.get(`${name} ${id}`);
    if (!key) continue;
    if (signed.has(key)) refuse("note.repeated", `two signatures by ${name}`);
    if (!(await signsNote(key, signature, text))) refuse("note.bad-signature", `the signature by ${name} is wrong`);
    signed.add(key);
  }
  if (!signed.size) refuse("note.unsigned", "no signature by a known key");
  return { text, signed };
}

async function signsNote(key, signature, text) {
  let message = text;
  if (key.algorithm === WITNESS_KEY) {
    if (signature.length < 8) return false;
    const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
    message = `cosignature/v1\ntime ${time}\n${text}`;
    signature = signature.subarray(8);
  }
  return signature.length === 64 && verifyEd25519(key.point, signature, toBytes(message));
}

/** The checkpoint in a note that the log has signed and, where it is wanted, the policy's quorum of witnesses. */
async function openCheckpoint(policy, bytes, { quorum }) {
  const { text, signed } = await openNote(bytes, [policy.log, ...policy.witnesses.values()]);
  if (!signed.has(policy.log)) refuse("checkpoint.unsigned", "the log has not signed this checkpoint");
  const lines = text.split("\n");
  if (lines.length !== 4 || !lines[0]) refuse("checkpoint.form", "a checkpoint is three lines");
  const checkpoint = { origin: lines[0], size: decimal(lines[1]), root: toHex(fromBase64(lines[2])) };
  const empty = checkpoint.size === 0 && checkpoint.root !== sha256Hex();
  if (checkpoint.root.length !== 64 || empty) refuse("checkpoint.root", "a checkpoint with a root that cannot be");
  if (checkpoint.origin !== policy.log.name) refuse("checkpoint.origin", "the checkpoint is another log's");
  if (quorum && policy.quorum !== null && !isMet(policy, signed)) {
    refuse("checkpoint.quorum", "too few of the policy's witnesses have signed this checkpoint");
  }
  return checkpoint;
}

function isMet(policy, signed) {
  const met = new Map();
  for (const [name, key] of policy.witnesses) met.set(name, signed.has(key));
  for (const [name, { count, members }] of policy.groups) met.set(name, members.filter((each) => met.get(each)).length >= count);
  return met.get(policy.quorum);
}
