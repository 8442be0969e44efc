// The register: signatures of organizations on the adopted text, what became of them, and the totals that follow.

/** Acts on endorsements that this program knows; a record with another one is beyond it, and it says so. */
const KNOWN_ENDORSEMENTS = ["sign", "countersign", "question", "release", "refuse", "withdraw", "set_aside_withdrawal", "annul"].map(
  (name) => `endorsement.${name}-v1`,
);

class Register {
  constructor(authority, versions) {
    this.authority = authority;
    this.versions = versions;
    this.approved = new Set();
    this.current = null;
    this.adopted = null;
    this.window = null;
    this.closed = false;
    this.endorsements = new Map();
    this.byParty = new Map();
  }

  /** Acts of the Chair and the depositary that an endorsement depends on. That they were allowed is not asked here. */
  follow(act) {
    if (act.type === "draft_version.approve_and_circulate-v1" && this.versions.has(act.object)) {
      this.approved.add(act.object);
      this.current = act.object;
    } else if (act.type === "declaration.issue_compilation-v1") {
      this.authority.secondReading = true;
    } else if (act.type === "declaration.adopt-v1" && this.current === act.object && !this.adopted) {
      this.adopted = act.object;
    } else if (act.type === "declaration.open_for_signature-v1" && this.adopted === act.object && !this.window) {
      const { opens, closes } = act.body;
      if (isMoment(opens) && isMoment(closes) && moment(opens) < moment(closes) && act.at < moment(closes)) {
        this.window = { opens: moment(opens), closes: moment(closes) };
      }
    } else if (act.type === "declaration.close_accession-v1" && this.window && act.at >= this.window.closes) {
      this.closed = true;
    } else if (act.type === "paragraph.correct_editorially-v1" || act.type === "paper.attest-v1") {
      this.authority.awaiting.set(act.digest, { act });
    }
  }

  // -- acts of organizations ---------------------------------------------------------------------------------------------------

  signV1(act) {
    const { body } = act;
    if (!this.adopted || act.object !== this.adopted) refuse("version.not-adopted", "this is not the adopted text");
    this.requireInWindow(act);
    const key = this.authority.keys.get(act.by.key);
    const organization = body.capacity === "organization" ? this.authority.organizations.get(act.by.party) : undefined;
    if (body.capacity !== key.capacity) refuse("endorsement.capacity", "the mandate gives another capacity");
    this.requireMandate(key, act);
    this.requireTexts(body);
    if (["refused", "struck_off"].includes(organization?.status)) refuse("organization.not-verified", `this organization was ${organization.status}`);
    const first = this.endorsements.get(this.byParty.get(act.by.party));
    if (first && !["refused", "annulled"].includes(first.status)) {
      refuse("endorsement.duplicate", `this organization has signed already, at position ${first.position} of the register`);
    }
    const joint = key.joint && body.capacity === "organization";
    const made = {
      party: act.by.party, key: act.by.key, at: act.at, country: key.organization.country, capacity: body.capacity, kind: body.kind,
      position: this.endorsements.size + 1, joint, countersigned: null, doubts: new Set(), status: "",
    };
    if (joint) made.doubts.add("joint");
    if (["under_review", "suspended"].includes(organization?.status)) made.doubts.add("organization");
    this.byParty.set(act.by.party, act.digest);
    this.endorsements.set(act.digest, made);
    this.settle(made);
  }

  requireInWindow({ at, body }) {
    const { window } = this;
    const { accession } = this.authority.rules;
    if (!window || at < window.opens) refuse("endorsement.not-open", "the Declaration is not open for signature");
    const over = at >= window.closes;
    if (body.kind === "signature" && over) refuse("endorsement.window-closed", "the time for signature is over");
    if (body.kind === "accession" && !(over && accession && !this.closed)) refuse("endorsement.no-accession", "accession is not open");
  }

  requireMandate(key, { at }) {
    if (key.role !== "signatory") return;
    if (key.mandateRevoked !== null && at >= key.mandateRevoked) refuse("mandate.revoked", "the mandate was revoked");
    if (key.from !== null && at < key.from) refuse("mandate.not-yet", "the mandate is not in force yet");
    if (key.until !== null && at >= key.until) refuse("mandate.expired", "the mandate has expired");
  }

  requireTexts({ texts, language }) {
    const manifest = this.versions.get(this.adopted);
    const authentic = manifest.texts.filter((row) => row.status === "authentic").map((row) => [row.lang, row.sha256]);
    if (printed(texts) !== printed(Object.fromEntries(authentic))) refuse("endorsement.texts", "these are not the hashes of the authentic texts");
    if (!manifest.texts.some((row) => row.lang === language)) refuse("endorsement.language", "there is no adopted text in this language");
  }

  /** The endorsement that an act is about, which must have one of these statuses. */
  named(act, ...allowed) {
    const found = this.endorsements.get(act.object);
    if (!found) refuse(act.by.role === "signatory" ? "endorsement.not-own" : "endorsement.unknown", "there is no such signature");
    if (!allowed.includes(found.status)) refuse("endorsement.state", `not possible: ${found.status}`);
    return found;
  }

  countersignV1(act) {
    const found = this.named(act, "held");
    const key = this.authority.keys.get(act.by.key);
    this.requireMandate(key, act);
    if (found.party !== act.by.party) refuse("endorsement.not-own", "this is not a signature of your organization");
    if (!found.joint) refuse("countersign.not-joint", "one signature binds this organization");
    if (found.countersigned) refuse("countersign.given", "it was countersigned already");
    if (key.mandate === this.authority.keys.get(found.key).mandate) refuse("countersign.same-mandate", "the second signature is another person's");
    if (!key.joint || key.capacity !== "organization") refuse("countersign.not-joint", "this mandate is not one of two");
    this.requireTexts(act.body);
    found.countersigned = { key: act.by.key, at: act.at };
  }

  withdrawV1(act) {
    const found = this.named(act, "counted", "held", "listed");
    if (found.party !== act.by.party) refuse("endorsement.not-own", "this is not a signature of your organization");
    this.requireMandate(this.authority.keys.get(act.by.key), act);
    found.status = "withdrawn";
  }

  // -- acts of the depositary --------------------------------------------------------------------------------------------------

  questionV1(act) {
    const found = this.named(act, "counted");
    found.doubts.add("question");
    this.settle(found);
  }

  releaseV1(act) {
    const found = this.named(act, "held");
    if (found.joint && !found.countersigned) refuse("endorsement.one-of-two", "the second signature is missing");
    const status = found.capacity === "organization" ? this.authority.organizations.get(found.party)?.status : undefined;
    if (["under_review", "suspended", "refused"].includes(status)) refuse("endorsement.organization", `the organization is ${status}`);
    found.doubts.clear();
    this.settle(found);
  }

  refuseV1(act) {
    this.named(act, "held", "received").status = "refused";
  }

  annulV1(act) {
    this.named(act, "held").status = "annulled";
  }

  setAsideWithdrawalV1(act) {
    const found = this.named(act, "withdrawn");
    found.status = "";
    this.settle(found);
  }

  // -- what follows ------------------------------------------------------------------------------------------------------------

  /** Held while there is a doubt, counted or listed apart when there is none; what is final stays. */
  settle(each) {
    if (["withdrawn", "refused", "annulled"].includes(each.status)) return;
    each.status = each.doubts.size ? "held" : each.capacity === "organization" ? "counted" : "listed";
  }

  doubt(what, concerns) {
    for (const each of this.endorsements.values()) {
      if (!concerns(each) || ["refused", "annulled"].includes(each.status)) continue;
      each.doubts.add(what);
      this.settle(each);
    }
  }

  clear(what, party) {
    const found = this.endorsements.get(this.byParty.get(party));
    if (!found) return;
    found.doubts.delete(what);
    this.settle(found);
  }

  /** Organizations by country; persons and associates apart. */
  totals() {
    const empty = { counted: 0, accessions: 0, withdrawn: 0, held: 0, refused: 0 };
    const rows = new Map(Object.entries(this.authority.constitution.delegations).map(([party, names]) => [party, { names, ...empty }]));
    const sum = { ...empty, listed: 0, listed_withdrawn: 0, listed_held: 0, listed_refused: 0, strangers: [] };
    for (const { party, country, capacity, kind, status } of this.endorsements.values()) {
      const column = status === "counted" && kind === "accession" ? "accessions" : status === "annulled" ? "refused" : status;
      if (capacity !== "organization") sum[column === "listed" ? column : `listed_${column}`]++;
      else if (!rows.has(country)) sum.strangers.push(party);
      else {
        rows.get(country)[column]++;
        sum[column]++;
      }
    }
    return { ...sum, by_country: Object.fromEntries(rows) };
  }
}
