// Signatures in OpenSSH's format (PROTOCOL.sshsig): Ed25519 and P-256 keys, and passkeys, whose challenge is what was to be signed.

const ED25519 = "ssh-ed25519";
const P256 = "ecdsa-sha2-nistp256";
const PASSKEY = "sk-ecdsa-sha2-nistp256@openssh.com";
const WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
const SIGNS_AS = { [ED25519]: ED25519, [P256]: P256, [PASSKEY]: WEBAUTHN };

const fingerprintOf = (blob) => `SHA256:${toBase64(sha256(blob)).replaceAll("=", "")}`;

/** A public key in the wire format: its kind, its point, and for a passkey the relying party. The point is not looked at here. */
function readKey(blob) {
  if (blob.length > 512) refuse("key.malformed", "a public key of too many bytes");
  const wire = new Wire(blob, "wire.short");
  const kind = LATIN.decode(wire.string());
  if (!(kind in SIGNS_AS)) refuse("key.kind", "a kind of key that is not accepted");
  const key = { kind, blob, application: "" };
  if (kind !== ED25519 && LATIN.decode(wire.string()) !== "nistp256") refuse("key.kind", "another curve than nistp256");
  key.point = wire.string();
  if (kind === PASSKEY) {
    key.application = LATIN.decode(wire.string());
    if (!/^[a-z0-9][a-z0-9.-]{0,252}$/.test(key.application)) refuse("key.kind", "a security key that is not a passkey of a web site");
  }
  wire.end();
  return key;
}

/** The same from OpenSSH's text form, two words; `fingerprint` and the line itself come with it. */
function readKeyLine(line) {
  const words = line.split(" ");
  if (words.length !== 2 || line.length > 1024) refuse("key.malformed", "a public key is two words: its kind and base64");
  const key = readKey(fromBase64(words[1]));
  if (key.kind !== words[0]) refuse("key.malformed", "the key is of another kind than its line says");
  return { ...key, line, fingerprint: fingerprintOf(key.blob) };
}

/** Refuse a key whose point must not be trusted. */
async function requireStrong(key) {
  const strong = key.kind === ED25519 ? key.point.length === 32 && isStrongEd25519(key.point) : await isOnP256(key.point);
  if (!strong) refuse("key.weak", "a key whose point is not canonical, not on its curve, or of small order");
}

/** The fields of a blob: whose key, for which namespace, and the signature. */
function readSignature(blob) {
  if (blob.length > 8192) refuse("signature.too-long", "a signature of too many bytes");
  const wire = new Wire(blob, "signature.malformed");
  if (LATIN.decode(wire.take(6)) !== "SSHSIG" || wire.number() !== 1) refuse("signature.version", "not an SSHSIG signature of version 1");
  const key = wire.string();
  const namespace = wire.string();
  if (!namespace.length) refuse("signature.namespace", "a signature without a namespace");
  if (wire.string().length) refuse("signature.reserved", "a signature with reserved bytes");
  if (LATIN.decode(wire.string()) !== "sha512") refuse("signature.hash", "a signature over another hash than SHA-512");
  const signature = wire.string();
  wire.end();
  return { key, namespace, signature };
}

async function toBeSigned(namespace, message) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", message));
  return joined(toBytes("SSHSIG"), sshString(toBytes(namespace)), sshString(toBytes("")), sshString(toBytes("sha512")), sshString(digest));
}

/** Return where `blob` is a strictly valid signature of `message` by the key with this fingerprint, in this namespace. */
async function verifySignature(blob, { fingerprint, namespace, message, passkeys }) {
  const fields = readSignature(blob);
  const key = readKey(fields.key);
  if (fingerprintOf(key.blob) !== fingerprint) refuse("signature.other-key", "signed by another key than the statement names");
  if (!same(fields.namespace, toBytes(namespace))) refuse("signature.namespace", "signed for another act or another forum");
  const wire = new Wire(fields.signature, "signature.malformed");
  const kind = LATIN.decode(wire.string());
  if (kind !== SIGNS_AS[key.kind]) refuse("signature.kind", "a signature of another kind than its key");
  let signature = wire.string();
  let signed = await toBeSigned(namespace, message);
  if (key.kind === ED25519) {
    if (signature.length !== 64 || key.point.length !== 32) refuse("signature.malformed", "an Ed25519 signature has 64 bytes");
  } else {
    const numbers = new Wire(signature, "signature.malformed");
    const [r, s] = [numbers.scalar(), numbers.scalar()];
    numbers.end();
    if (!belowP256Order(r) || !belowP256Order(s)) refuse("signature.malformed", "r or s is not below the order of the curve");
    signature = joined(r, s);
  }
  if (key.kind === PASSKEY) {
    const assertion = {
      flags: wire.take(1)[0], counter: wire.take(4), origin: wire.string(), clientData: wire.string(), extensions: wire.string(),
    };
    wire.end();
    signed = assertionBytes(assertion, key, signed, passkeys);
  } else {
    wire.end();
  }
  const valid = await (key.kind === ED25519 ? verifyEd25519 : verifyP256)(key.point, signature, signed).catch((error) => {
    if (error.name === "NotSupportedError") throw error;
    return false;
  });
  if (!valid) refuse("signature.invalid", "the signature does not belong to these bytes");
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;
const EXTENSIONS = 0x80;

/** What the browser and the authenticator say of themselves (WebAuthn level 3, section 5.8.1.2), and the bytes that it signed. */
function assertionBytes({ flags, counter, origin, clientData, extensions }, key, challenge, passkeys) {
  if (key.application !== passkeys.rpId) refuse("passkey.rp-id", "a passkey of another site");
  const site = new TextDecoder().decode(origin);
  if (!passkeys.origins.includes(site)) refuse("passkey.origin", "a passkey used at another address");
  const wanted = toBase64Url(challenge);
  const start = toBytes(`{"type":"webauthn.get","challenge":"${wanted}","origin":"${site}"`);
  const next = clientData[start.length];
  if (!same(clientData.subarray(0, start.length), start) || (next !== 0x2c && next !== 0x7d)) {
    refuse("passkey.client-data", "a passkey used for something else");
  }
  const client = clientOf(clientData);
  if (client.type !== "webauthn.get" || client.challenge !== wanted || client.origin !== site) {
    refuse("passkey.client-data", "a passkey used for something else");
  }
  if (("crossOrigin" in client && client.crossOrigin !== false) || "topOrigin" in client) {
    refuse("passkey.cross-origin", "a passkey used inside another site's page");
  }
  if (!(flags & USER_PRESENT)) refuse("passkey.user-present", "a passkey used without a touch");
  if (!(flags & USER_VERIFIED)) refuse("passkey.user-verified", "a passkey used without fingerprint, face or PIN");
  if (flags & ATTESTED || Boolean(flags & EXTENSIONS) !== extensions.length > 0) {
    refuse("passkey.flags", "a passkey's flags contradict its data");
  }
  return joined(sha256(toBytes(passkeys.rpId)), new Uint8Array([flags]), counter, extensions, sha256(clientData));
}

function clientOf(bytes) {
  let value;
  try {
    value = parseJson(bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  if (!isObject(value) || repeatsKey(fromUtf8(bytes))) refuse("passkey.client-data", "malformed client data");
  return value;
}
