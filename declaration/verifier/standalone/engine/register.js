// The register: signatures of organizations on the adopted text, and the totals that follow from them.

/** Acts on endorsements that this program knows; a record with another one is beyond it, and it says so. */
const KNOWN_ENDORSEMENTS = ["endorsement.sign-v1", "endorsement.withdraw-v1"];

class Register {
  constructor(authority, versions) {
    this.authority = authority;
    this.versions = versions;
    this.approved = new Set();
    this.current = null;
    this.adopted = null;
    this.window = null;
    this.endorsements = new Map();
    this.byParty = new Map();
  }

  /** Acts of the Chair and the depositary that an endorsement depends on. That they were allowed is not asked here. */
  follow(act) {
    if (act.type === "draft_version.approve_and_circulate-v1" && this.versions.has(act.object)) {
      this.approved.add(act.object);
      this.current = act.object;
    } else if (act.type === "declaration.adopt-v1" && this.current === act.object && !this.adopted) {
      this.adopted = act.object;
    } else if (act.type === "declaration.open_for_signature-v1" && this.adopted === act.object && !this.window) {
      const { opens, closes } = act.body;
      if (isMoment(opens) && isMoment(closes) && moment(opens) < moment(closes) && act.at < moment(closes)) {
        this.window = { opens: moment(opens), closes: moment(closes) };
      }
    }
  }

  sign(act) {
    const { body } = act;
    if (!this.adopted || act.object !== this.adopted) refuse("version.not-adopted", "this is not the adopted text");
    this.requireInWindow(act);
    const key = this.authority.keys.get(act.by.key);
    if (body.capacity !== key.capacity) refuse("endorsement.capacity", "the mandate gives another capacity");
    if (act.at < moment(key.mandate.from)) refuse("mandate.not-yet", "the mandate is not in force yet");
    if (key.mandate.until !== null && act.at >= moment(key.mandate.until)) refuse("mandate.expired", "the mandate has expired");
    const manifest = this.versions.get(this.adopted);
    const authentic = manifest.texts.filter((row) => row.status === "authentic").map((row) => [row.lang, row.sha256]);
    if (printed(body.texts) !== printed(Object.fromEntries(authentic))) {
      refuse("endorsement.texts", "these are not the hashes of the authentic texts");
    }
    if (!manifest.texts.some((row) => row.lang === body.language)) {
      refuse("endorsement.language", "there is no adopted text in this language");
    }
    const first = this.endorsements.get(this.byParty.get(act.by.party));
    if (first) {
      refuse("endorsement.duplicate", `this organization has signed already, at position ${first.position} of the register`);
    }
    this.byParty.set(act.by.party, act.digest);
    this.endorsements.set(act.digest, {
      party: act.by.party, name: key.organization.name, country: key.organization.country, capacity: body.capacity, kind: body.kind,
      position: this.endorsements.size + 1, withdrawn: false,
    });
  }

  requireInWindow({ at, body }) {
    const { window } = this;
    const { accession } = this.authority.constitution.rules;
    if (!window || at < window.opens) refuse("endorsement.not-open", "the Declaration is not open for signature");
    const closed = at >= window.closes;
    if (body.kind === "signature" && closed) refuse("endorsement.window-closed", "the time for signature is over");
    if (body.kind === "accession" && !(closed && accession)) refuse("endorsement.no-accession", "accession is not open");
  }

  withdraw(act) {
    const given = this.endorsements.get(act.object);
    if (given?.withdrawn) refuse("endorsement.state", "not possible: withdrawn");
    if (!given || given.party !== act.by.party) refuse("endorsement.not-own", "this is not a signature of your organization");
    given.withdrawn = true;
  }

  /** Organizations by country; persons and associates apart. */
  totals() {
    const rows = new Map(Object.entries(this.authority.constitution.delegations).map(([party, names]) => (
      [party, { names, counted: 0, accessions: 0, withdrawn: 0 }]
    )));
    const sum = { counted: 0, accessions: 0, withdrawn: 0, listed: 0, listed_withdrawn: 0, strangers: [] };
    for (const { party, country, capacity, kind, withdrawn } of this.endorsements.values()) {
      if (capacity !== "organization") {
        sum[withdrawn ? "listed_withdrawn" : "listed"]++;
        continue;
      }
      const column = withdrawn ? "withdrawn" : kind === "accession" ? "accessions" : "counted";
      if (!rows.has(country)) sum.strangers.push(party);
      else {
        rows.get(country)[column]++;
        sum[column]++;
      }
    }
    return { ...sum, by_country: Object.fromEntries(rows) };
  }
}
