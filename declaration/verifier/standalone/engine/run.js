// One run over a bundle: checks 1 to 5, 8 and 9 of the nine, and of the seventh that the texts are those of their manifests. An entry
// that fails is named and stepped over, so that one bad act does not hide the next; the first finding of each check is the one to read.

const MOST_FINDINGS = 20;
const CHUNK = 256;
const NEEDED = ["policy", "checkpoint", "entries.jsonl", "allowed_signers"];
const MEMBERS = new RegExp(
  "^(?:policy|checkpoint|entries\\.jsonl|allowed_signers|README\\.txt|bundle\\.json|verify\\.sh|verify\\.html"
  + "|checkpoints/(?:0|[1-9][0-9]{0,15})|versions/[0-9a-f]{64}/(?:manifest\\.json|texts/[a-z]{2,3}\\.txt)|contents/[0-9a-f]{64}\\.json)$",
);

class Run {
  constructor(file, given, progress) {
    this.given = given;
    this.progress = progress;
    this.checks = Array.from({ length: 9 }, (_, i) => ({ number: i + 1, ran: false, findings: [], more: 0 }));
    this.report = { bundle: { file: file.name ?? "", bytes: file.size }, record: {}, totals: null, warnings: [], beyond: [], strangers: [] };
    this.cited = new Set();
    this.digests = new Set();
    this.times = [];
    this.history = new History();
    this.authority = new Authority();
  }

  find(number, code, what, where = "") {
    const check = this.checks[number - 1];
    if (check.findings.length < MOST_FINDINGS) check.findings.push({ code, what, where });
    else check.more++;
  }

  done(...numbers) {
    for (const number of numbers) this.checks[number - 1].ran = true;
  }

  /** Run `work`; a refusal becomes a finding, anything else is a defect and goes through. */
  async reporting(number, where, work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.find(number, error.code, error.message, where);
      return null;
    }
  }

  async verify(archive) {
    this.archive = archive;
    if (await this.members()) {
      const signed = await this.checkpoints();
      if (signed) await this.entries(signed);
    }
    return this.answer();
  }

  // -- 1 and 2 -----------------------------------------------------------------------------------------------------------------

  async members() {
    const { archive } = this;
    let read = 0;
    const total = archive.file.size;
    await this.reporting(1, "", () => archive.compare((bytes) => this.progress("members", (read += bytes), total)));
    for (const name of archive.names) if (!MEMBERS.test(name)) this.find(1, "bundle.unknown-member", "not a member of a bundle", name);
    for (const name of NEEDED) if (!archive.has(name)) this.find(1, "bundle.missing-member", "missing", name);
    for (const [name, , digest] of archive.index.members) {
      const match = /^contents\/([0-9a-f]{64})\.json$/.exec(name);
      if (match && match[1] !== digest) this.find(1, "content.differs", "not the document that was signed for", name);
    }
    this.done(1);
    return NEEDED.every((name) => archive.has(name));
  }

  async checkpoints() {
    const { archive, given } = this;
    const policy = await this.reporting(2, "policy", async () => readPolicy(given.policy ?? (await archive.read("policy", 65536))));
    if (!policy) return null;
    if (!given.policy) this.report.warnings.push("policy");
    this.report.witnessed = policy.quorum !== null;
    const checkpoint = await this.reporting(2, "checkpoint", async () => (
      openCheckpoint(policy, await archive.read("checkpoint", 65536), { quorum: true })
    ));
    if (!checkpoint) return null;
    if (archive.index.origin !== checkpoint.origin || archive.index.size !== checkpoint.size) {
      this.find(2, "checkpoint.other", "bundle.json speaks of another record or size", "bundle.json");
    }
    const others = [];
    for (const name of archive.names.filter((each) => each.startsWith("checkpoints/"))) {
      await this.reporting(2, name, async () => {
        const further = await openCheckpoint(policy, await archive.read(name, 65536), { quorum: false });
        if (`checkpoints/${further.size}` !== name) refuse("checkpoint.name", "a checkpoint of another size than its name says");
        others.push({ ...further, where: name });
      });
    }
    if (given.since) await this.kept(policy, checkpoint, others);
    this.done(2);
    Object.assign(this.report.record, { origin: checkpoint.origin, entries: checkpoint.size, root: checkpoint.root });
    return { checkpoint, others };
  }

  async kept(policy, checkpoint, others) {
    const where = "the checkpoint kept from before";
    await this.reporting(2, where, async () => {
      const kept = await openCheckpoint(policy, this.given.since, { quorum: false });
      if (kept.size > checkpoint.size) {
        this.find(2, "checkpoint.not-extended", `it is of ${kept.size} entries, the bundle is of ${checkpoint.size}`, where);
      } else others.push({ ...kept, where });
    });
  }

  // -- 3 to 9 ------------------------------------------------------------------------------------------------------------------

  async entries({ checkpoint, others }) {
    const context = await this.reporting(5, "entry 0", () => this.trustRoot(checkpoint));
    if (!context) return;
    const versions = await readVersions(this.archive, (...finding) => this.find(7, ...finding));
    this.register = new Register(this.authority, versions.whole);
    this.authority.register = this.register;
    await this.reporting(4, "entries.jsonl", async () => {
      let ahead = null;
      for await (const chunk of this.chunks()) {
        const looked = chunk.map((each) => this.look(each, context));
        if (ahead) await this.take(ahead, checkpoint);
        ahead = looked;
      }
      if (ahead) await this.take(ahead, checkpoint);
    });
    this.compareRoots(checkpoint, others);
    for (const digest of versions.digests) {
      if (!this.register.approved.has(digest)) this.find(7, "version.unapproved", "a version that was never approved", `versions/${digest}`);
    }
    this.done(3, 4, 5);
    if (this.authority.constitution) await this.after(checkpoint);
  }

  async trustRoot(checkpoint) {
    const first = (await this.archive.lines("entries.jsonl").next()).value ?? new Uint8Array(0);
    const entry = readEntry(first);
    const { origins, rp_id: rpId } = entry.body;
    if (entry.type !== "constitution-v1" || !Array.isArray(origins) || !isText(rpId)) {
      refuse("constitution.missing", "the record does not begin with a constitution");
    }
    const root = toHex(leafHash(first));
    this.report.record.constitution = root;
    if (!this.given.constitution) this.report.warnings.push("constitution");
    else if (this.given.constitution !== root) {
      this.find(5, "constitution.other", `another constitution than ${this.given.constitution}`, "entry 0");
    }
    return { constitution: entry.digest, origin: checkpoint.origin, passkeys: { origins, rpId } };
  }

  async* chunks() {
    let chunk = [];
    for await (const raw of this.archive.lines("entries.jsonl")) {
      chunk.push(raw);
      if (chunk.length === CHUNK) {
        yield chunk;
        chunk = [];
      }
    }
    if (chunk.length) yield chunk;
  }

  /** Parse one entry at once and verify its signatures in the background. */
  look(raw, context) {
    const looked = { leaf: leafHash(raw), entry: null, problem: null, found: null };
    try {
      looked.entry = readEntry(raw);
      looked.found = lookAt(looked.entry, context);
      looked.found.catch(() => {});
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      looked.problem = error;
    }
    return looked;
  }

  async take(chunk, checkpoint) {
    for (const looked of chunk) {
      const index = this.history.size;
      this.history.append(looked.leaf);
      if (looked.entry) await this.one({ ...looked.entry, index }, await looked.found);
      else {
        this.find(4, looked.problem.code, looked.problem.message, `entry ${index}`);
        this.stepOver(null);
      }
    }
    this.progress("entries", this.history.size, checkpoint.size);
  }

  async one(act, { problem, possession }) {
    if (isHex32(act.body.content)) this.cited.add(act.body.content);
    const where = `entry ${act.index}, ${act.type.replace(/-v1$/, "")} by ${act.by.party}`;
    try {
      if (problem) throw Object.assign(problem, { check: 4 });
      const root = act.seen.size <= act.index ? this.history.at(act.seen.size) : null;
      if (root !== null && root !== act.seen.root) {
        this.find(3, "seen.other-history", `its signer saw another record of ${act.seen.size} entries`, where);
      }
      this.inOrder(act);
      await this.carry(act, possession);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const check = error.check ?? (error instanceof OfProcedure ? 6 : isOfAuthority(error.code) ? 5 : act.type.startsWith("endorsement.") ? 8 : 6);
      this.find(check, error.code, error.message, where);
      this.stepOver(act);
      return;
    }
    this.digests.add(act.digest);
    this.times.push(act.at);
  }

  /** New, not before the last one, for this record and declaration, and not held back. */
  inOrder(act) {
    const refuseIn = (check, code, what) => { throw Object.assign(new Refusal(code, what), { check }); };
    const { constitution } = this.authority;
    if (this.times.length && act.at < this.times.at(-1)) refuseIn(4, "record.time", "the time runs backwards");
    if (this.digests.has(act.digest)) refuseIn(4, "record.repeated", "this act is in the record already");
    if (act.log !== this.report.record.origin) refuseIn(4, "record.log", "the act was signed for another record");
    if (constitution && act.declaration !== constitution.declaration) {
      refuseIn(4, "record.declaration", "the act was signed for another declaration");
    }
    const { size } = act.seen;
    if (size > act.index || (size === 0) !== (act.index === 0)) {
      refuseIn(3, "seen.unknown", `the act cites a checkpoint of ${size} entries, which this record did not have before entry ${act.index}`);
    }
    const hours = this.authority.rules?.hold_hours ?? 24;
    if (size < act.index && act.at - this.times[size] > hours * 3600000) {
      refuseIn(4, "seen.too-old", `this was signed more than ${hours} hours ago`);
    }
  }

  async carry(act, possession) {
    const { authority, register } = this;
    if (isAuthority(act.type) && !KNOWN_AUTHORITY.includes(act.type)) this.beyond(act.type, 5, 8, 9);
    if (act.type.startsWith("endorsement.") && !KNOWN_ENDORSEMENTS.includes(act.type)) this.beyond(act.type, 8, 9);
    authority.require(act);
    // In the form of these acts the key comes first, and a bad key is a matter of authority.
    if (["constitution-v1", "accredit-v1", "succeed-v1", "delegate-v1"].includes(act.type) && isText(act.body.key)) await readAccreditedKey(act.body.key);
    requireForm(act);
    if (KNOWN_AUTHORITY.includes(act.type)) await authority[handlerOf(act.type)](act, possession);
    else if (KNOWN_ENDORSEMENTS.includes(act.type)) register[handlerOf(act.type.slice("endorsement.".length))](act);
    else register.follow(act);
  }

  beyond(type, ...checks) {
    for (const check of checks) if (!this.report.beyond.some((each) => each.check === check)) this.report.beyond.push({ check, type });
  }

  /** Go on behind an entry that does not count. Its time and its digest were used all the same. */
  stepOver(act) {
    const last = this.times.at(-1);
    if (act) this.digests.add(act.digest);
    const time = act && (last === undefined || act.at > last) ? act.at : last;
    if (time !== undefined) this.times.push(time);
  }

  compareRoots(checkpoint, others) {
    const { history } = this;
    if (history.size !== checkpoint.size) {
      this.find(3, "record.size", `the bundle has ${history.size} entries, the checkpoint says ${checkpoint.size}`, "entries.jsonl");
    } else if (history.at(history.size) !== checkpoint.root) {
      this.find(3, "record.root", "the entries are not those that the log signed for", "entries.jsonl");
    }
    for (const other of others) {
      if (other.size === checkpoint.size && other.root !== checkpoint.root) {
        this.find(3, "checkpoint.two-roots", `the log has signed two roots for size ${other.size}: keep both, they convict it`, other.where);
      } else if (other.size > checkpoint.size) {
        this.find(3, "record.truncated", `the log has signed for ${other.size} entries`, other.where);
      } else if (history.at(other.size) !== other.root) {
        const what = `the record does not extend these ${other.size} entries: keep both, they convict the log`;
        this.find(3, "checkpoint.not-extended", what, other.where);
      }
    }
  }

  async after(checkpoint) {
    const { archive, authority, register, report } = this;
    const listed = archive.index.members.find(([name]) => name === "allowed_signers")[2];
    if (sha256Hex(toBytes(authority.allowedSigners(checkpoint.origin))) !== listed) {
      this.find(5, "allowed-signers.other", "not the keys that the record gave authority", "allowed_signers");
    }
    const held = new Set(archive.names.map((name) => /^contents\/([0-9a-f]{64})\.json$/.exec(name)?.[1]).filter(Boolean));
    for (const digest of [...held].sort()) {
      if (!this.cited.has(digest)) this.find(1, "content.uncited", "a document that no act names", `contents/${digest}.json`);
    }
    report.record.withheld = [...this.cited].filter((digest) => !held.has(digest)).length;
    report.record.adopted = register.adopted;
    report.record.declaration = authority.constitution.declaration;
    report.record.title = authority.constitution.title;
    const { strangers, ...totals } = register.totals();
    for (const party of strangers) this.find(8, "endorsement.country", "counted for no country of the forum", party);
    report.totals = totals;
    const all = Object.values(totals).filter((each) => typeof each === "number").reduce((sum, each) => sum + each, 0);
    if (all !== register.endorsements.size) this.find(9, "totals.sum", "the countries do not add up to the register");
    this.done(8, 9);
  }

  answer() {
    const beyond = new Set(this.report.beyond.map((each) => each.check));
    const checks = this.checks.map(({ number, ran, findings, more }) => {
      const result = findings.length ? "failed" : ran && !beyond.has(number) ? "passed" : "not run";
      return { number, result, findings, more };
    });
    const asked = checks.filter(({ number }) => ![6, 7].includes(number));
    const failed = checks.some(({ result }) => result === "failed");
    const verdict = failed || asked.some(({ result }) => result === "not run") ? "refused" : "verified";
    return { ...this.report, verdict, checks };
  }
}

/** `organization.strike_off-v1` is carried by `organizationStrikeOffV1`. */
const handlerOf = (type) => type.replace(/[._-]([a-z])/g, (_, letter) => letter.toUpperCase());

const isOfAuthority = (code) => ["key.", "accredit.", "second.", "constitution.", "role."].some((start) => code.startsWith(start));

/**
 * Verify a bundle.
 *
 * `given` has what must not come out of the bundle: `constitution` (hex), `policy` and `since` (bytes), each or none.
 * Answers with a report; its verdict is "verified", "refused", or "not-a-bundle".
 */
async function verifyBundle(file, given = {}, progress = () => {}) {
  try {
    if (given.constitution && !isHex32(given.constitution)) return { verdict: "no-question", code: "encoding.hex" };
    if (!(await knowsEd25519())) return { verdict: "no-question", code: "browser.ed25519" };
    const archive = await Archive.open(file);
    return await new Run(file, given, progress).verify(archive);
  } catch (error) {
    if (error instanceof NotABundle) return { verdict: "not-a-bundle", code: error.code, what: error.message };
    throw error;
  }
}
