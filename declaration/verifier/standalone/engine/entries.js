// Entries: one line of the record, `{"at":…,"signature":…,"statement":{…}}` in canonical JSON, and what a statement must carry.

const NAMES = {
  party: /^[a-z0-9][a-z0-9.-]{0,63}$/,
  role: /^[a-z][a-z0-9-]{0,31}$/,
  type: /^[a-z][a-z_]{0,31}(?:\.[a-z][a-z_]{0,31})?-v1$/,
  identifier: /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/,
  fingerprint: /^SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/,
  nonce: /^[A-Za-z0-9_-]{21}[AQgw]$/,
};
const COMMON = ["by", "declaration", "log", "nonce", "object", "seen", "type"];

function named(kind, value) {
  if (!isText(value) || !NAMES[kind].test(value)) refuse(`name.${kind}`, `not a valid ${kind}`);
  return value;
}

/** An entry taken apart: `at` in milliseconds, the signature's blob, the statement's value, bytes and digest. */
function readEntry(raw) {
  if (raw.length > 65535) refuse("entry.too-long", "an entry of more than 65,535 bytes");
  const value = parseCanonical(raw);
  if (!hasMembers(value, "at", "signature", "statement") || !isText(value.at) || !isText(value.signature)) {
    refuse("entry.fields", "an entry has exactly at, signature and statement");
  }
  const at = moment(value.at);
  const blob = fromBase64(value.signature);
  if (!blob.length || blob.length > 8192) refuse("entry.signature", "a signature of no plausible length");
  // Time and base64 have no escapes, so the place of the statement in the line is known.
  const statement = raw.subarray('{"at":"2025-11-24T18:02:11Z","signature":"","statement":'.length + value.signature.length, raw.length - 1);
  return { at, time: value.at, blob, raw: statement, digest: sha256Hex(statement), ...readStatement(value.statement, statement.length) };
}

function readStatement(value, length) {
  if (length > 32768) refuse("statement.too-long", "a statement of more than 32 KiB");
  if (!isObject(value) || COMMON.some((name) => !Object.hasOwn(value, name))) refuse("statement.fields", "a statement lacks a member");
  const { by, declaration, log, nonce, object, seen, type, ...body } = value;
  if (!hasMembers(by, "key", "party", "role")) refuse("statement.by", "by has exactly key, party and role");
  if (!isText(nonce) || !NAMES.nonce.test(nonce)) refuse("statement.nonce", "a nonce is 16 bytes in base64url");
  named("type", type);
  if (!isText(by.key) || !NAMES.fingerprint.test(by.key)) refuse("key.fingerprint", "not a key fingerprint");
  named("party", by.party);
  named("role", by.role);
  named("identifier", declaration);
  if (!isText(log) || log.length > 128 || !ORIGIN.test(log)) refuse("name.origin", "not a valid origin");
  if ((object === null) !== (type === "constitution-v1") || (object !== null && !isHex32(object))) {
    refuse("statement.object", "object is a digest, and null for the constitution alone");
  }
  const match = isText(seen) && /^(0|[1-9][0-9]{0,15}):([0-9a-f]{64})$/.exec(seen);
  if (!match) refuse("statement.seen", "not a size and root");
  const size = decimal(match[1]);
  if (size === 0 && match[2] !== sha256Hex()) refuse("statement.seen", "an empty tree with another root than the empty one");
  return { by, declaration, log, nonce, object, seen: { size, root: match[2] }, type, body };
}

/** Whether the entry's signature, and a new key's own where there is one, are strictly valid; each as a problem or null. */
async function lookAt(entry, context) {
  const found = { problem: null, possession: null };
  try {
    await verifySignature(entry.blob, {
      fingerprint: entry.by.key, namespace: `${entry.type}@${entry.log}`, message: entry.raw, passkeys: context.passkeys,
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    found.problem = error;
    return found;
  }
  if ("possession" in entry.body) found.possession = await provesPossession(entry.body, context);
  return found;
}

async function provesPossession({ key, possession }, context) {
  try {
    if (!hasMembers(possession, "nonce", "signature") || !isText(possession.nonce) || !isText(possession.signature)) {
      refuse("statement.field", "no proof of possession");
    }
    if (!NAMES.nonce.test(possession.nonce)) refuse("enrolment.nonce", "a nonce is 16 bytes in base64url");
    const { fingerprint } = readKeyLine(String(key));
    const message = toBytes(printed({
      constitution: context.constitution, key: fingerprint, nonce: possession.nonce, type: "possession-v1",
    }));
    const blob = fromBase64(possession.signature);
    await verifySignature(blob, { fingerprint, namespace: `possession-v1@${context.origin}`, message, passkeys: context.passkeys });
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new Refusal(error.code, `the new key's proof of possession: ${error.message}`);
  }
}
