/**
 * Passkeys (WebAuthn ES256) that sign acts: the challenge of the assertion is the TBS of the SSHSIG, so what the
 * authenticator signs is the act itself, and stock `ssh-keygen -Y verify` checks it (OpenSSH PROTOCOL.u2f).
 *
 *   public key   s("sk-ecdsa-sha2-nistp256@openssh.com") s("nistp256") s(04 x y) s(relying party id)
 *   signature    s("webauthn-sk-ecdsa-sha2-nistp256@openssh.com") s(mpint(r) mpint(s)) flags uint32(counter)
 *                s(origin) s(clientDataJSON) s(extensions)
 *
 * `user.id` is random for every passkey, because the same id would overwrite the holder's older one. User verification
 * (fingerprint, face, PIN) is always required. A device that offers no ES256 is refused with the advice to make a key in
 * the browser. There is no file to back up: the passkey lives where the holder's system keeps it, and may be carried by it to
 * the holder's other devices.
 *
 * A passkey belongs to the relying party of the constitution, and its signatures count from the constitution's web origins
 * alone. A page anywhere else says so before a passkey is made that could never sign.
 */

import { concat, fromBase64url, fromUtf8, mpint, randomBytes, sshString, toBase64url } from "./bytes.js";
import { derOne, derValues, expect, INTEGER, SEQUENCE } from "./der.js";
import { Refusal } from "./errors.js";
import { fingerprint, opensshLine } from "./sshsig.js";

export const PASSKEY = "sk-ecdsa-sha2-nistp256@openssh.com";
const SIGNATURE = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
const ES256 = -7;
const PRESENT_AND_VERIFIED = 0x05;

/**
 * What this device offers here: "own" (it asks for fingerprint, face or code itself), "other" (a phone nearby, a security key),
 * or the refusal that says why there is none.
 * @param {{rpId: string, origins: string[]}} site the relying party and the web origins of the constitution
 * @returns {Promise<"own"|"other"|Refusal>}
 */
export async function offered({ rpId, origins }) {
  if (!globalThis.PublicKeyCredential) return new Refusal("passkey.unsupported");
  const host = location.hostname;
  const ours = host === rpId || host.endsWith(`.${rpId}`);
  if (!ours || !origins.includes(location.origin)) return new Refusal("passkey.elsewhere", { site: origins[0] ?? rpId });
  const own = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
  return own ? "own" : "other";
}

/**
 * @param {{rpId: string, rpName: string, userName: string}} names the relying party as the constitution has it
 * @returns {Promise<{kind: string, fingerprint: string, openssh: string, credential: string, rpId: string}>}
 */
export async function createPasskey({ rpId, rpName, userName }) {
  const made = await gesture(() => navigator.credentials.create({
    publicKey: {
      challenge: randomBytes(32), // nothing relies on the attestation: possession is proved by a signature of its own
      rp: { id: rpId, name: rpName },
      user: { id: randomBytes(16), name: userName, displayName: userName },
      pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    },
  }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const spki = response.getPublicKey();
  if (response.getPublicKeyAlgorithm() !== ES256 || spki === null) throw new Refusal("passkey.unsupported");
  const key = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", key));
  const blob = concat(sshString(PASSKEY), sshString("nistp256"), sshString(point), sshString(rpId));
  return {
    kind: PASSKEY, fingerprint: await fingerprint(blob), openssh: opensshLine(PASSKEY, blob),
    credential: toBase64url(new Uint8Array(made.rawId)), rpId,
  };
}

/**
 * @param {{credential: string, rpId: string}} passkey @param {Uint8Array<ArrayBuffer>} data the TBS
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the signature field of the SSHSIG
 */
export async function signWithPasskey({ credential, rpId }, data) {
  return (await assert(rpId, data, [{ type: "public-key", id: fromBase64url(credential) }])).field;
}

/**
 * Sign with one of these passkeys or, where none is named, with whichever of this site the holder chooses in the system's own list; the
 * service knows whose it is.
 * @param {string} rpId @param {Uint8Array<ArrayBuffer>} data the TBS @param {string[]} [credentials]
 * @returns {Promise<{credential: string, field: Uint8Array<ArrayBuffer>}>}
 */
export function signWithAnyPasskey(rpId, data, credentials = []) {
  return assert(rpId, data, credentials.map((credential) => ({ type: "public-key", id: fromBase64url(credential) })));
}

/**
 * @param {string} rpId @param {Uint8Array<ArrayBuffer>} data @param {PublicKeyCredentialDescriptor[]} allowCredentials
 * @returns {Promise<{credential: string, field: Uint8Array<ArrayBuffer>}>} `field`: the signature field of the SSHSIG
 */
async function assert(rpId, data, allowCredentials) {
  const made = await gesture(() => navigator.credentials.get({
    publicKey: { challenge: data, rpId, allowCredentials, userVerification: "required" },
  }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (made.response);
  const authenticator = new Uint8Array(response.authenticatorData);
  const client = new Uint8Array(response.clientDataJSON);
  const said = fromUtf8(client);
  const { challenge, origin } = JSON.parse(said);
  const flags = authenticator[32];
  if (challenge !== toBase64url(data) || (flags & PRESENT_AND_VERIFIED) !== PRESENT_AND_VERIFIED) throw new Refusal("key.self-test");
  // Some older browsers write these in another order, which ssh-keygen does not accept, and so neither does the record.
  if (!said.startsWith(`{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"`)) throw new Refusal("passkey.unsupported");
  const [r, s] = derValues(derOne(new Uint8Array(response.signature), SEQUENCE)).map((value) => expect(value, INTEGER));
  const field = concat(
    sshString(SIGNATURE), sshString(concat(mpint(r), mpint(s))), authenticator.slice(32, 33), authenticator.slice(33, 37),
    sshString(origin), sshString(client), sshString(authenticator.slice(37)),
  );
  return { credential: toBase64url(new Uint8Array(made.rawId)), field };
}

/** @param {() => Promise<Credential|null>} ask @returns {Promise<PublicKeyCredential>} */
async function gesture(ask) {
  if (!globalThis.PublicKeyCredential) throw new Refusal("passkey.unsupported");
  try {
    const made = await ask();
    if (made === null) throw new Refusal("passkey.cancelled");
    return /** @type {PublicKeyCredential} */ (made);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") throw new Refusal("passkey.unsupported");
    if (error instanceof DOMException && error.name === "SecurityError") throw new Refusal("passkey.elsewhere", { site: location.hostname });
    if (error instanceof DOMException) throw new Refusal("passkey.cancelled");
    throw error;
  }
}
