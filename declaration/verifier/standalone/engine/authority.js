// Authority: which key could speak for whom at which entry, from the constitution on. ROLES, who may make which act, is put before
// this file when the page is assembled; it is the table on the project's page of statements.

/** Acts of authority that this program knows; a record with another one is beyond it, and it says so. */
const KNOWN_AUTHORITY = [
  "constitution-v1", "accredit-v1", "second-v1", "succeed-v1", "delegate-v1", "rules-v1", "revoke-v1", "key.suspend-v1", "key.reinstate-v1",
  "mandate.refuse-v1", "mandate.revoke-v1", "organization.present-v1", "organization.concur-v1", "organization.object-v1",
  "organization.verify-v1", "organization.refuse-v1", "organization.suspend-v1", "organization.reinstate-v1", "organization.strike_off-v1",
];
const isAuthority = (type) => !type.includes(".") || /^(key|mandate|organization)\./.test(type);

/** Whose further person an act waits for. */
const FURTHER = {
  "accredit-v1": "secretariat", "revoke-v1": "secretariat", "mandate.revoke-v1": "secretariat", "key.reinstate-v1": "secretariat",
  "paper.attest-v1": "secretariat", "rules-v1": "head", "succeed-v1": "head",
  "paragraph.correct_editorially-v1": "chair",
};

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

const isBoolean = (value) => typeof value === "boolean";
const isOrganization = isRecord({ country: isParty, name: isPhrase(300), registration: isPhrase(100) });
const isPossession = isRecord({ nonce: isPhrase(64), signature: isPhrase(8000) });
const isMandate = (value) => isObject(value) && isRecord({
  continues: orNull(isHex32), document: orNull(isHex32), from: isMoment, joint: isBoolean, until: orNull(isMoment),
})({ continues: null, joint: false, ...value });
const NO_FIELDS = {};
const A_REASON = { content: isHex32 };

const FORMS = {
  "constitution-v1": {
    forum: isParty, title: isNames, delegations: isMap(isParty, isNames), original: isLanguage,
    languages: isMap(isLanguage, isOneOf("authentic", "translation")), prevailing: isLanguage, rules: isRules, procedure: isOneOf("forum-1"),
    origins: isListOf(isPhrase(200), 10), rp_id: isPhrase(200), key: isText, content: isHex32,
  },
  "accredit-v1": {
    key: isText, party: isParty, role: isOneOf("head", "secretariat", "depositary", "translator", "signatory"), possession: isPossession,
    language: orNull(isLanguage), organization: orNull(isOrganization), mandate: orNull(isMandate), capacity: orNull(isCapacity),
    content: isHex32,
  },
  "second-v1": NO_FIELDS,
  "succeed-v1": { key: isText, possession: isPossession, content: isHex32 },
  "delegate-v1": { key: isText, possession: isPossession, from: isMoment, until: isMoment, content: isHex32 },
  "rules-v1": { rules: isRules, content: isHex32 },
  "revoke-v1": {
    reason: isOneOf("compromised", "superseded", "left_office"), invalid_from: orNull(isMoment), successor: orNull(isHex32), content: isHex32,
  },
  "key.suspend-v1": A_REASON,
  "key.reinstate-v1": A_REASON,
  "mandate.refuse-v1": A_REASON,
  "mandate.revoke-v1": { document: orNull(isHex32), since: isMoment, content: isHex32 },
  "organization.present-v1": { party: isParty, organization: isOrganization, documents: (value) => !value.length || isListOf(isHex32, 50)(value), content: isHex32 },
  "organization.concur-v1": NO_FIELDS,
  "organization.object-v1": A_REASON,
  "organization.verify-v1": { concurrence: orNull(isHex32), content: isHex32 },
  "organization.refuse-v1": A_REASON,
  "organization.suspend-v1": A_REASON,
  "organization.reinstate-v1": A_REASON,
  "organization.strike_off-v1": { document: isHex32, content: isHex32 },
  "endorsement.sign-v1": {
    kind: isOneOf("signature", "accession"), capacity: isCapacity, language: isLanguage, texts: isMap(isLanguage, isHex32), content: isHex32,
  },
  "endorsement.countersign-v1": { language: isLanguage, texts: isMap(isLanguage, isHex32), content: isHex32 },
  "endorsement.question-v1": A_REASON,
  "endorsement.release-v1": A_REASON,
  "endorsement.refuse-v1": A_REASON,
  "endorsement.withdraw-v1": A_REASON,
  "endorsement.set_aside_withdrawal-v1": A_REASON,
  "endorsement.annul-v1": A_REASON,
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
    this.rules = null;
    this.keys = new Map();
    this.named = new Map();
    this.parties = new Map();
    this.registered = new Map();
    this.organizations = new Map();
    this.broughtIn = new Map();
    this.nonces = new Map();
    this.awaiting = new Map();
    this.secondReading = false;
  }

  /** The key was accredited before this act, for this party and role, still stands, and the role may make this act. */
  require(act) {
    if (!this.constitution) {
      if (act.type !== "constitution-v1") refuse("constitution.missing", "a record begins with its constitution");
    } else {
      const key = this.keys.get(act.by.key);
      if (!key) refuse("key.unknown", "this key is not accredited");
      if (key.party !== act.by.party || key.role !== act.by.role) refuse("key.party", `this key speaks for ${key.party} as ${key.role}`);
      const status = this.statusOf(key, act.at);
      if (status === "suspended") refuse("key.suspended", "this key is suspended");
      if (status === "revoked") refuse("key.revoked", "this key was revoked");
      if (key.delegatedBy && !(key.from <= act.at && act.at < key.until)) {
        refuse("key.delegation-over", "the alternate's time has not begun or is over");
      }
    }
    if (!Object.hasOwn(ROLES, act.type)) throw new OfProcedure("statement.type", `unknown type of statement: ${act.type}`);
    if (!ROLES[act.type].includes(act.by.role)) refuse("role.not-entitled", `only ${ROLES[act.type].join(" or ")} may do this`);
  }

  /** An alternate's key falls with the key that appointed it, where that one was already compromised when it did. */
  statusOf(key, at) {
    const appointer = key.delegatedBy && this.keys.get(key.delegatedBy);
    if (key.revoked !== null || (appointer && this.isCompromised(appointer, key.since))) return "revoked";
    if (key.suspended) return "suspended";
    if ((key.mandateRevoked !== null && at >= key.mandateRevoked) || (key.until !== null && at >= key.until)) return "expired";
    return "active";
  }

  isCompromised(key, at) {
    return key.invalidFrom !== null && at >= key.invalidFrom;
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
    this.rules = body.rules;
    this.enter(act, act, { key, role: "chair", party: "chair" });
  }

  async accreditV1(act, possession) {
    const { body } = act;
    const key = await readAccreditedKey(body.key);
    this.requireConstitution(act);
    this.requireNew(key);
    const signatory = body.role === "signatory";
    if (signatory !== (act.by.role === "secretariat")) {
      refuse("accredit.role", `this key is accredited by ${signatory ? "two persons of the secretariat" : "the Chair"}`);
    }
    this.requireComplete(body, act.at);
    this.useNonce(act, possession);
    if (signatory) this.awaiting.set(act.digest, { act, key });
    else this.giveAuthority(act, act, key);
  }

  async delegateV1(act, possession) {
    const key = await readAccreditedKey(act.body.key);
    this.requireConstitution(act);
    this.requireNew(key);
    const [from, until] = [moment(act.body.from), moment(act.body.until)];
    if (this.keys.get(act.by.key).delegatedBy) throw new OfProcedure("delegate.alternate", "an alternate appoints no alternate");
    if (from >= until || until <= act.at) throw new OfProcedure("delegate.times", "the alternate's time would be over already");
    this.useNonce(act, possession);
    const { role, party } = act.by;
    this.enter(act, act, { key, role, party, from, until, untilTime: act.body.until, delegatedBy: act.by.key });
  }

  async succeedV1(act, possession) {
    const key = await readAccreditedKey(act.body.key);
    this.requireConstitution(act);
    this.requireNew(key);
    const head = act.by.role === "head";
    const proposed = [...this.awaiting.values()].some((each) => each.act.type === "succeed-v1" && each.act.by.party === act.by.party);
    if (this.keys.get(act.by.key).delegatedBy || (head && proposed)) throw new OfProcedure("succeed", "not this head's to propose now");
    this.useNonce(act, possession);
    if (head && this.rules.quorum > 1) this.awaiting.set(act.digest, { act, key, consents: [act.by.party] });
    else this.newChair(act, act, key);
  }

  rulesV1(act) {
    const { rules } = act.body;
    if (rules.version !== this.rules.version + 1 || rules.quorum > Object.keys(this.constitution.delegations).length) {
      throw new OfProcedure("rules", "not the next version of the rules");
    }
    if (this.secondReading) this.awaiting.set(act.digest, { act, consents: [] });
    else this.changeRules(rules);
  }

  secondV1(act) {
    const first = this.awaiting.get(act.object);
    if (!first) refuse("second.nothing", "nothing waits here for a further person");
    if (act.by.role !== FURTHER[first.act.type]) refuse("role.not-entitled", `this waits for ${FURTHER[first.act.type]}`);
    if (first.consents?.includes(act.by.party)) refuse("second.given", "your delegation has agreed to this already");
    if (first.act.by.party === act.by.party || first.act.by.key === act.by.key) {
      refuse("second.same-person", "the second person must be another person");
    }
    if (this.isCompromised(this.keys.get(first.act.by.key), first.act.at)) {
      refuse("second.first-questioned", "the first person's key was compromised by then");
    }
    return this.inForce(first, act);
  }

  /** The further person has acted: what waited takes force, unless something else has meanwhile. */
  inForce(first, act) {
    const { act: { type, body, object }, key } = first;
    if (type === "accredit-v1" || type === "succeed-v1") this.requireNew(key);
    if (type === "accredit-v1") this.requireComplete(body, first.act.at);
    if (type === "revoke-v1" || type === "mandate.revoke-v1" || type === "key.reinstate-v1") {
      const named = this.keyNamed(object);
      if (named.fingerprint === act.by.key) refuse("second.same-person", "nobody is the second person on the own key");
      if (named.revoked !== null || (type === "mandate.revoke-v1" && named.mandateRevoked !== null)) {
        refuse("key.revoked", "it was revoked meanwhile");
      }
      if (type === "key.reinstate-v1" && this.revocationWaits(object)) refuse("key.revocation-waits", "its revocation waits for a second person");
    }
    if (first.consents) {
      first.consents.push(act.by.party);
      const all = Object.keys(this.constitution.delegations).every((party) => first.consents.includes(party));
      if (type === "succeed-v1" && first.consents.length >= this.rules.quorum) this.newChair(first.act, act, key);
      else if (type === "rules-v1" && all) this.changeRules(body.rules);
      return null;
    }
    this.awaiting.delete(act.object);
    if (type === "accredit-v1") return this.giveAuthority(first.act, act, key);
    if (type === "revoke-v1") return this.endKey(first.act, act);
    if (type === "key.reinstate-v1") this.keyNamed(object).suspended = false;
    return type === "mandate.revoke-v1" ? this.endMandate(first.act, act) : null;
  }

  requireConstitution(act) {
    if (act.object !== this.constitution.digest) throw new OfProcedure("object.constitution", "the act names another constitution");
  }

  requireNew(key) {
    if (this.keys.has(key.fingerprint)) refuse("key.known", "this key is accredited already");
  }

  useNonce(act, possession) {
    const used = this.nonces.get(act.body.possession.nonce);
    if (used !== undefined) refuse("accredit.nonce-used", `this proof of possession was used already, for entry ${used}`);
    if (possession) throw Object.assign(possession, { check: 5 });  // a bad signature, and here a matter of authority
    this.nonces.set(act.body.possession.nonce, act.index);
  }

  /** Each role's accreditation carries what that role needs and nothing else; a party is one organization, and the reverse. */
  requireComplete({ role, party, language, organization, mandate, capacity }, at) {
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
    const status = this.organizations.get(party)?.status ?? "verified";
    if (capacity === "organization" && !["verified", "suspended"].includes(status)) refuse("accredit.not-verified", `this organization is ${status}`);
    this.requireMandate({ party, capacity, mandate }, at);
  }

  /** A further key under a mandate has that mandate's terms, and the mandate stands. */
  requireMandate({ party, capacity, mandate }, at) {
    const [from, until] = [moment(mandate.from), mandate.until === null ? null : moment(mandate.until)];
    if (until !== null && until <= from) throw new OfProcedure("mandate.times", "the mandate ends before it begins");
    if (!mandate.continues) {
      if (mandate.joint && capacity !== "organization") throw new OfProcedure("mandate.joint", "only organizations sign jointly");
      return;
    }
    const before = this.keyNamed(mandate.continues);
    const terms = (key) => JSON.stringify([key.party, key.capacity, key.document, key.from, key.until, key.joint]);
    if (!before.mandate || terms({ party, capacity, document: mandate.document, from, until, joint: mandate.joint }) !== terms(before)) {
      throw new OfProcedure("mandate.continues", "the mandate that it continues has other terms");
    }
    if (before.mandateRevoked !== null) throw new OfProcedure("mandate.revoked", "the mandate was revoked");
    if (until !== null && at >= until) throw new OfProcedure("mandate.expired", "the mandate has expired");
  }

  keyNamed(accreditation) {
    return this.named.get(accreditation) ?? refuse("key.unknown", "no key was given authority by that statement");
  }

  giveAuthority(given, inForce, key) {
    const { role, party, capacity, organization, mandate } = given.body;
    const terms = mandate && {
      from: moment(mandate.from), until: mandate.until === null ? null : moment(mandate.until), untilTime: mandate.until,
      mandate: mandate.continues ? this.keyNamed(mandate.continues).mandate : given.digest, document: mandate.document, joint: Boolean(mandate.joint),
    };
    this.enter(given, inForce, { key, role, party, capacity, organization, ...terms });
    if (capacity === "organization" && !this.organizations.has(party)) this.bringIn(given.digest, party, organization, "verified", inForce.at);
  }

  enter(given, inForce, { key, ...terms }) {
    const entered = {
      capacity: null, organization: null, from: null, until: null, untilTime: null, mandate: null, document: null, joint: false,
      delegatedBy: null, mandateRevoked: null, suspended: false, revoked: null, endedTime: null, invalidFrom: null, ...terms,
      line: key.line, fingerprint: key.fingerprint, since: inForce.at, sinceTime: inForce.time,
    };
    this.keys.set(key.fingerprint, entered);
    this.named.set(given.digest, entered);
    if (entered.delegatedBy) return;
    if (!this.parties.has(entered.party)) this.parties.set(entered.party, entered);
    if (entered.capacity === "organization") this.registered.set(registrationOf(entered.organization), entered.party);
  }

  /** The file for `ssh-keygen -Y verify` that follows from these keys. Times of this form sort as they are written. */
  allowedSigners(origin) {
    const stamp = (time) => time.replace(/[-:T]/g, "");
    // A key may have signed the very act that ended it, and entries are recorded to the second.
    const secondAfter = (time) => `${new Date(Date.parse(time) + 1000).toISOString().slice(0, 19)}Z`;
    const lines = [...this.keys.values()].map(({ role, party, sinceTime, untilTime, endedTime, line }) => {
      const end = [endedTime && secondAfter(endedTime), untilTime].filter((time) => time !== null).sort()[0];
      const before = end === undefined ? "" : `,valid-before="${stamp(end > sinceTime ? end : sinceTime)}"`;
      return `${role}.${party} namespaces="*@${origin}",valid-after="${stamp(sinceTime)}"${before} ${line}\n`;
    });
    return [...new Set(lines)].sort().join("");
  }
}
