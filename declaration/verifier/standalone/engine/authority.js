// Authority: which key could speak for whom at which entry, from the constitution on. ROLES, who may make which act, is put before
// this file when the page is assembled; it is the table on the project's page of statements.

/** Acts of authority that this program knows; a record with another one is beyond it, and it says so. */
const KNOWN_AUTHORITY = ["constitution-v1", "accredit-v1", "second-v1"];
const isAuthority = (type) => !type.includes(".") && type !== "rules-v1";

const isLanguage = (value) => isText(value) && /^[a-z]{2,3}$/.test(value);
const isParty = (value) => isText(value) && NAMES.party.test(value);
const isPhrase = (most) => (value) => {
  const edge = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
  return isText(value) && value !== "" && [...value].length <= most && !edge.test(value);
};
const isOneOf = (...choices) => (value) => choices.includes(value);
const orNull = (form) => (value) => value === null || form(value);
const isMap = (key, item) => (value) => isObject(value) && Object.keys(value).length > 0 && Object.keys(value).length <= 1000
  && Object.entries(value).every(([name, each]) => key(name) && item(each));
const isListOf = (form, most) => (value) => Array.isArray(value) && value.length > 0 && value.length <= most
  && value.every(form) && new Set(value).size === value.length;
const isRecord = (schema) => (value) => hasMembers(value, ...Object.keys(schema)) && Object.keys(schema).every((name) => schema[name](value[name]));
const isMoment = (value) => {
  try {
    moment(value);
    return true;
  } catch {
    return false;
  }
};
const isNames = isMap(isLanguage, isPhrase(300));
const isCapacity = isOneOf("organization", "personal", "associated");
const isRules = (value) => isObject(value) && Number.isSafeInteger(value.hold_hours) && value.hold_hours > 0
  && Number.isSafeInteger(value.quorum) && typeof value.accession === "boolean";

const FORMS = {
  "constitution-v1": {
    forum: isParty, title: isNames, delegations: isMap(isParty, isNames), original: isLanguage,
    languages: isMap(isLanguage, isOneOf("authentic", "translation")), prevailing: isLanguage, rules: isRules, procedure: isOneOf("forum-1"),
    origins: isListOf(isPhrase(200), 10), rp_id: isPhrase(200), key: isText, content: isHex32,
  },
  "accredit-v1": {
    key: isText, party: isParty, role: isOneOf("head", "secretariat", "depositary", "translator", "signatory"),
    possession: isRecord({ nonce: isPhrase(64), signature: isPhrase(8000) }), language: orNull(isLanguage),
    organization: orNull(isRecord({ country: isParty, name: isPhrase(300), registration: isPhrase(100) })),
    mandate: orNull(isRecord({ document: orNull(isHex32), from: isMoment, until: orNull(isMoment) })),
    capacity: orNull(isCapacity), content: isHex32,
  },
  "second-v1": {},
  "endorsement.sign-v1": {
    kind: isOneOf("signature", "accession"), capacity: isCapacity, language: isLanguage, texts: isMap(isLanguage, isHex32), content: isHex32,
  },
  "endorsement.withdraw-v1": { content: isHex32 },
};

/** Thrown for what belongs to the procedure's check: not run here, but what is met in passing is said. */
class OfProcedure extends Refusal {}

function requireForm(act) {
  const schema = FORMS[act.type];
  if (!schema) return;
  if (!hasMembers(act.body, ...Object.keys(schema))) throw new OfProcedure("statement.fields", "unknown or missing fields");
  for (const [name, form] of Object.entries(schema)) {
    if (!form(act.body[name])) throw new OfProcedure("statement.field", `${name}: not of its form`);
  }
}

async function readAccreditedKey(line) {
  try {
    const key = readKeyLine(line);
    await requireStrong(key);
    return key;
  } catch (error) {
    if (error instanceof Refusal && !error.code.startsWith("key.")) throw new OfProcedure(error.code, error.message);
    throw error;
  }
}

/** The same organization: its country, and its number without regard to case and spaces. */
function registrationOf({ country, registration }) {
  const folded = [...registration].map((letter) => ({ "ß": "ss", "ſ": "s", "ς": "σ" })[letter] ?? letter.toLowerCase()).join("");
  return `${country}\n${folded.split(/[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/).join("")}`;
}

class Authority {
  constructor() {
    this.constitution = null;
    this.keys = new Map();
    this.parties = new Map();
    this.registered = new Map();
    this.nonces = new Map();
    this.awaiting = new Map();
  }

  /** The key was accredited before this act, for this party and role, and the role may make this act. */
  require(act) {
    if (!this.constitution) {
      if (act.type !== "constitution-v1") refuse("constitution.missing", "a record begins with its constitution");
    } else {
      const key = this.keys.get(act.by.key);
      if (!key) refuse("key.unknown", "this key is not accredited");
      if (key.party !== act.by.party || key.role !== act.by.role) refuse("key.party", `this key speaks for ${key.party} as ${key.role}`);
    }
    if (!Object.hasOwn(ROLES, act.type)) throw new OfProcedure("statement.type", `unknown type of statement: ${act.type}`);
    if (!ROLES[act.type].includes(act.by.role)) refuse("role.not-entitled", `only ${ROLES[act.type].join(" or ")} may do this`);
  }

  async constitutionV1(act) {
    if (this.constitution || act.index !== 0) refuse("constitution.exists", "this record has a constitution already");
    const { body } = act;
    const key = await readAccreditedKey(body.key);
    if (key.fingerprint !== act.by.key || act.by.party !== "chair") {
      refuse("constitution.key", "the constitution names another key than the one that signed it");
    }
    if (body.languages[body.original] !== "authentic" || body.languages[body.prevailing] !== "authentic") {
      refuse("constitution.languages", "the original and the prevailing language must be authentic ones");
    }
    if (body.rules.quorum > Object.keys(body.delegations).length) {
      refuse("constitution.quorum", "the quorum is larger than the number of delegations");
    }
    this.constitution = { ...body, digest: act.digest, declaration: act.declaration };
    this.enter(act, { key, role: "chair", party: "chair", capacity: null, organization: null, mandate: null });
  }

  async accreditV1(act, possession) {
    const { body } = act;
    const key = await readAccreditedKey(body.key);
    if (act.object !== this.constitution.digest) throw new OfProcedure("object.constitution", "the act names another constitution");
    this.requireNew(key);
    const signatory = body.role === "signatory";
    if (signatory !== (act.by.role === "secretariat")) {
      refuse("accredit.role", `this key is accredited by ${signatory ? "two persons of the secretariat" : "the Chair"}`);
    }
    this.requireComplete(body);
    const used = this.nonces.get(body.possession.nonce);
    if (used !== undefined) refuse("accredit.nonce-used", `this proof of possession was used already, for entry ${used}`);
    if (possession) throw possession;
    this.nonces.set(body.possession.nonce, act.index);
    if (signatory) this.awaiting.set(act.digest, { act, key });
    else this.enter(act, { ...body, key });
  }

  secondV1(act, digests) {
    const first = this.awaiting.get(act.object);
    // Other acts than accreditations may wait for a further person; whether this one did is the procedure's question.
    if (!first && digests.get(act.object)?.of === "other") return;
    if (!first) refuse("second.nothing", "nothing waits here for a second person");
    if (first.act.by.party === act.by.party || first.act.by.key === act.by.key) {
      refuse("second.same-person", "the second person must be another person");
    }
    this.requireNew(first.key);
    this.requireComplete(first.act.body);
    this.awaiting.delete(act.object);
    this.enter(act, { ...first.act.body, key: first.key });
  }

  requireNew(key) {
    if (this.keys.has(key.fingerprint)) refuse("key.known", "this key is accredited already");
  }

  /** Each role's accreditation carries what that role needs and nothing else; a party is one organization, and the reverse. */
  requireComplete({ role, party, language, organization, mandate, capacity }) {
    const signatory = role === "signatory";
    const wanted = [[organization, signatory], [mandate, signatory], [capacity, signatory], [language, role === "translator"]];
    if (wanted.some(([value, needed]) => (value !== null) !== needed)) refuse("accredit.incomplete", "a field is missing or does not belong here");
    const { delegations, languages } = this.constitution;
    if (role === "head" && !Object.hasOwn(delegations, party)) refuse("accredit.party", `there is no delegation ${party}`);
    if (role === "translator" && !Object.hasOwn(languages, language)) refuse("accredit.language", `${language} is not a language of this forum`);
    if (party === "chair") refuse("accredit.party", "the Chair's key stands in the constitution");
    const known = this.parties.get(party);
    if (known && known.role !== role) refuse("accredit.party", `${party} has another role already`);
    if (!signatory) return;
    if (capacity === "organization" && !Object.hasOwn(delegations, organization.country)) {
      refuse("accredit.not-entitled", "only organizations registered in a country of the forum sign as such");
    }
    const registration = registrationOf(organization);
    if (known?.organization && registrationOf(known.organization) !== registration) refuse("accredit.party", "this party is another organization");
    const other = this.registered.get(registration) ?? party;
    if (capacity === "organization" && other !== party) {
      refuse("accredit.organization-known", `this organization is accredited already, as ${other}`);
    }
  }

  enter(act, { key, role, party, capacity, organization, mandate }) {
    const entered = { line: key.line, role, party, capacity, organization, mandate, since: act.time, fingerprint: key.fingerprint };
    this.keys.set(key.fingerprint, entered);
    if (!this.parties.has(party)) this.parties.set(party, entered);
    if (capacity === "organization") this.registered.set(registrationOf(organization), party);
  }

  /** The file for `ssh-keygen -Y verify` that follows from these keys. */
  allowedSigners(origin) {
    const lines = [...this.keys.values()].map(({ role, party, since, line }) => (
      `${role}.${party} namespaces="*@${origin}",valid-after="${since.replace(/[-:T]/g, "")}" ${line}\n`
    ));
    return [...new Set(lines)].sort().join("");
  }
}
