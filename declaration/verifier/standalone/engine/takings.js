// What takes authority back: keys suspended and revoked, mandates, organizations, the chair. Joined to Authority, which gives it.

const isState = (machine) => (machine === "key" ? Refusal : OfProcedure);

Object.assign(Authority.prototype, {
  /** Refuse unless what is acted on is in one of these states. */
  requireState(machine, status, allowed) {
    if (!allowed.includes(status)) throw new (isState(machine))(`${machine}.state`, `not possible: ${status}`);
  },

  /** Everybody takes back the own key; beyond that, who gave authority does. */
  gaveAuthority(key, { by }) {
    if (key.delegatedBy) return key.delegatedBy === by.key || (by.party === key.party && !this.keys.get(by.key).delegatedBy);
    return by.role === (key.role === "signatory" ? "secretariat" : "chair");
  },

  requireOwn(key, act, { holder }) {
    if (holder && key.role === "chair" && !key.delegatedBy) refuse("key.chair", "the Chair's key is not taken back by itself");
    const own = key.fingerprint === act.by.key;
    if (holder ? !own && !this.gaveAuthority(key, act) : own || !this.gaveAuthority(key, act)) refuse("key.not-own", "this key is not yours");
  },

  waits(type, object) {
    return [...this.awaiting.values()].some(({ act }) => act.type === type && act.object === object);
  },

  revocationWaits(object) {
    return this.waits("revoke-v1", object);
  },

  keySuspendV1(act) {
    const key = this.keyNamed(act.object);
    this.requireState("key", this.statusOf(key, act.at), ["active"]);
    this.requireOwn(key, act, { holder: true });
    key.suspended = true;
  },

  keyReinstateV1(act) {
    const key = this.keyNamed(act.object);
    this.requireState("key", this.statusOf(key, act.at), ["suspended"]);
    this.requireOwn(key, act, { holder: false });
    if (this.revocationWaits(act.object)) refuse("key.revocation-waits", "its revocation waits for a second person");
    if (this.waits(act.type, act.object)) refuse("key.reinstatement-waits", "its reinstatement waits for a second person");
    if (act.by.role === "secretariat") this.awaiting.set(act.digest, { act });
    else key.suspended = false;
  },

  revokeV1(act) {
    const { reason, invalid_from: from, successor } = act.body;
    const key = this.keyNamed(act.object);
    this.requireState("key", this.statusOf(key, act.at), ["active", "suspended", "expired"]);
    this.requireOwn(key, act, { holder: true });
    const compromised = reason === "compromised";
    const timely = !compromised || (from !== null && moment(from) <= act.at && act.by.key !== key.fingerprint);
    if ((from !== null) !== compromised || !timely) throw new OfProcedure("revoke.invalid-from", "not from an hour that has passed, by two others");
    if (compromised && this.revocationWaits(act.object)) refuse("key.revocation-waits", "its revocation waits for a second person");
    if ((successor !== null) !== (reason === "superseded")) throw new OfProcedure("revoke.successor", "a superseded key names its successor");
    if (successor !== null) this.requireSuccessor(key, this.keyNamed(successor), act);
    if (!compromised) return this.endKey(act, act);
    this.awaiting.set(act.digest, { act });
    key.suspended = true;
    return null;
  },

  requireSuccessor(key, other, act) {
    const fits = other.party === key.party && other.role === key.role && !other.mandate === !key.mandate && other !== key;
    if (!fits || this.statusOf(other, act.at) !== "active") throw new OfProcedure("revoke.successor", "that key cannot stand instead");
  },

  endKey(given, inForce) {
    const key = this.keyNamed(given.object);
    const since = given.body.invalid_from === null ? null : moment(given.body.invalid_from);
    Object.assign(key, { revoked: inForce.at, endedTime: inForce.time, invalidFrom: since });
    for (const [digest, { act }] of this.awaiting) {
      if (act.type === "key.reinstate-v1" && act.object === given.object) this.awaiting.delete(digest);
    }
    if (since === null) return;
    this.register.doubt("key", (each) => each.key === key.fingerprint && each.at >= since);
    this.register.doubt("key", ({ countersigned: other }) => other && other.key === key.fingerprint && other.at >= since);
  },

  mandateRevokeV1(act) {
    const key = this.keyNamed(act.object);
    if (key.mandateRevoked !== null) throw new OfProcedure("mandate.state", "not possible: revoked");
    const own = this.keys.get(act.by.key).mandate === key.mandate;
    const secretariat = act.by.role === "secretariat";
    if (!key.mandate || (!secretariat && !own) || (secretariat && act.body.document === null)) throw new OfProcedure("mandate", "not their mandate");
    if (moment(act.body.since) > act.at) throw new OfProcedure("mandate.since", "that hour has not come yet");
    if (secretariat) this.awaiting.set(act.digest, { act });
    else this.endMandate(act, act);
  },

  endMandate(given, inForce) {
    const { mandate } = this.keyNamed(given.object);
    const since = moment(given.body.since);
    const names = new Set();
    for (const key of this.keys.values()) {
      if (key.mandate !== mandate) continue;
      Object.assign(key, { mandateRevoked: since, endedTime: inForce.time });
      names.add(key.fingerprint);
    }
    this.register.doubt("mandate", (each) => names.has(each.key) && each.at >= since);
  },

  mandateRefuseV1(act) {
    if (this.awaiting.get(act.object)?.act.type !== "accredit-v1") throw new OfProcedure("mandate.unknown", "no accreditation waits there");
    this.awaiting.delete(act.object);
  },

  /** One Chair: the keys of the one before end, and other successions that waited have lost their ground. */
  newChair(given, inForce, key) {
    for (const each of this.keys.values()) {
      if (each.role === "chair" && each.revoked === null) Object.assign(each, { revoked: inForce.at, endedTime: inForce.time });
    }
    this.enter(given, inForce, { key, role: "chair", party: "chair" });
    this.forget("succeed-v1");
  },

  changeRules(rules) {
    this.rules = rules;
    this.forget("rules-v1");
  },

  forget(type) {
    for (const [digest, { act }] of this.awaiting) if (act.type === type) this.awaiting.delete(digest);
  },

  // -- organizations -----------------------------------------------------------------------------------------------------------

  bringIn(digest, party, organization, status, at) {
    this.organizations.set(party, { ...organization, party, status, since: at, concurred: null, objected: null });
    this.broughtIn.set(digest, party);
    this.registered.set(registrationOf(organization), party);
  },

  /** The organization that an act is about, which must be in one of these states. */
  organizationNamed(act, ...allowed) {
    const found = this.organizations.get(this.broughtIn.get(act.object));
    if (!found) throw new OfProcedure("organization.unknown", "no organization came into the record by that statement");
    this.requireState("organization", found.status, allowed);
    return found;
  },

  organizationPresentV1(act) {
    this.requireConstitution(act);
    const { party, organization } = act.body;
    const foreign = !Object.hasOwn(this.constitution.delegations, organization.country)
      || (act.by.role === "head" && organization.country !== act.by.party);
    const known = this.organizations.get(party);
    const holder = this.parties.get(party);
    const other = this.registered.get(registrationOf(organization)) ?? party;
    const taken = (known && (known.status !== "refused" || registrationOf(known) !== registrationOf(organization)))
      || (holder && holder.role !== "signatory") || other !== party;
    if (foreign || taken) throw new OfProcedure("organization", "of another country, or in the record already");
    this.bringIn(act.digest, party, organization, "under_review", act.at);
  },

  requireOwnCountry(found, act) {
    if (found.country !== act.by.party) throw new OfProcedure("organization.country", "this is an organization of another country");
  },

  organizationConcurV1(act) {
    const found = this.organizationNamed(act, "under_review", "verified");
    this.requireOwnCountry(found, act);
    if (found.concurred) throw new OfProcedure("organization.concurred", "you have concurred already");
    Object.assign(found, { concurred: act.digest, objected: null });
  },

  organizationObjectV1(act) {
    const found = this.organizationNamed(act, "under_review", "verified");
    this.requireOwnCountry(found, act);
    if (found.objected || found.concurred || act.at >= this.silenceEnds(found)) {
      throw new OfProcedure("organization.silence", "the time to object is over");
    }
    Object.assign(found, { status: "under_review", objected: act.digest });
    this.register.doubt("organization", (each) => each.party === found.party && each.capacity === "organization");
  },

  silenceEnds({ since }) {
    return since + (this.rules.concurrence_hours ?? 48) * 3600000;
  },

  organizationVerifyV1(act) {
    const found = this.organizationNamed(act, "under_review");
    const silent = !found.concurred && !found.objected && act.at >= this.silenceEnds(found);
    if (act.body.concurrence !== found.concurred || (!found.concurred && !silent)) {
      throw new OfProcedure("organization.concurrence", "without the head's concurrence or silence");
    }
    found.status = "verified";
    this.register.clear("organization", found.party);
  },

  organizationRefuseV1(act) {
    const found = this.organizationNamed(act, "under_review");
    found.status = "refused";
    this.registered.delete(registrationOf(found));
    this.register.doubt("organization", (each) => each.party === found.party && each.capacity === "organization");
  },

  organizationSuspendV1(act) {
    this.organizationNamed(act, "verified").status = "suspended";
  },

  organizationReinstateV1(act) {
    const found = this.organizationNamed(act, "suspended");
    found.status = "verified";
    this.register.clear("organization", found.party);
  },

  organizationStrikeOffV1(act) {
    this.organizationNamed(act, "verified", "suspended").status = "struck_off";
  },
});
