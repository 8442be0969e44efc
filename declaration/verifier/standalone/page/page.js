// The page around the engine: a form, a worker that does the verifying, and the report. Everything is put on the page as text.

const byId = (id) => document.getElementById(id);
const state = { lang: "en", report: null, work: null };

const word = (name, values = {}) => (WORDS[state.lang][name] ?? WORDS.en[name])
  .replace(/\{(\w+)\}/g, (_, key) => (typeof values[key] === "number" ? values[key].toLocaleString(state.lang) : String(values[key] ?? "")));

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children.flat().filter((child) => child !== null));
  return made;
}

function mark(good) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", good ? "M3 10.5 8 15.5 17 5" : "M4 4 16 16M16 4 4 16");
  for (const [name, value] of [["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "3"]]) path.setAttribute(name, value);
  svg.append(path);
  return element("div", { class: "verdict__mark" }, svg);
}

// -- the report ----------------------------------------------------------------------------------------------------------------

/** Names come out of the record: letters that turn lines round or cannot be seen are written as their numbers. */
const plain = (text) => text.replace(/[\p{C}\u2028\u2029]/gu, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);

const said = ({ code, what }) => WORDS[state.lang].codes[code] ?? what;
const sentence = (finding) => plain(finding.where ? `${finding.where}: ${said(finding)}` : said(finding));

/** The check to name first. An act that was removed leaves its document behind: that follows, and does not stand before its cause. */
function cause(checks) {
  const failed = checks.filter((check) => check.findings.length);
  const follows = ({ number, findings }) => number === 1 && findings.every(({ code }) => code === "content.uncited");
  return failed.find((check) => !follows(check)) ?? failed[0] ?? checks.find((check) => check.result === "not run");
}

function verdict(report) {
  const good = report.verdict === "verified";
  let [heading, more] = ["", ""];
  if (good) [heading, more] = [word("verified", report.totals), word("verifiedMore", report.totals)];
  else if (report.verdict === "not-a-bundle") [heading, more] = [word("notBundle"), report.what];
  else if (report.verdict === "refused") {
    const first = cause(report.checks);
    [heading, more] = [word("refused", { number: first.number }), first.findings.length ? sentence(first.findings[0]) : word("not run")];
  } else [heading, more] = [word("noAnswer"), report.code === "browser.ed25519" ? word("oldBrowser") : plain(report.what ?? report.code)];
  return element("section", { class: `verdict${good ? "" : " verdict--bad"}`, "data-verdict": report.verdict }, mark(good),
    element("div", {}, element("h1", { id: "verdict" }, heading), element("p", {}, more)));
}

function warnings(report) {
  const notes = (report.warnings ?? []).map((which) => word(which === "policy" ? "warnPolicy" : "warnConstitution"));
  if (report.beyond?.length) notes.push(word("beyond", { types: [...new Set(report.beyond.map((each) => each.type))].join(", ") }));
  return notes.map((note) => element("p", { class: "note note--warn" }, note));
}

function countries({ totals }) {
  const heading = (key) => word(key === "refused" ? "annulled" : key);
  const cell = (key, value, lead = false) => element("td", {
    class: `num${lead ? " lead" : ""}${value || lead ? "" : " nil"}`, "data-head": `${heading(key)}:`,
  }, value.toLocaleString(state.lang));
  const columns = ["accessions", "withdrawn", "held", "refused"].filter((key) => totals[key] || ["accessions", "withdrawn"].includes(key));
  const row = (name, figures) => [element("th", { scope: "row" }, name), cell("counted", figures.counted, true),
    columns.map((key) => cell(key, figures[key]))];
  const named = (names) => plain(names[state.lang] ?? names.en ?? Object.values(names)[0]);
  const head = [["country", ""], ...["counted", ...columns].map((key) => [key, "num"])];
  return element("section", { "aria-labelledby": "countries" }, element("h2", { id: "countries" }, word("byCountry")),
    element("table", { class: "table" },
      element("thead", {}, element("tr", {}, head.map(([key, kind]) => element("th", { scope: "col", class: kind }, heading(key))))),
      element("tbody", {}, Object.values(totals.by_country).map((each) => element("tr", {}, row(named(each.names), each).flat()))),
      element("tfoot", {}, element("tr", {}, row(word("total"), totals).flat()))));
}

function checks(report) {
  const rows = report.checks.map(({ number, result, findings, more }) => {
    const notes = findings.map((finding) => element("li", {}, sentence(finding), " ", element("code", {}, finding.code)));
    if (more) notes.push(element("li", {}, word("more", { count: more })));
    if (!findings.length && (number === 6 || number === 7)) notes.push(element("li", {}, word(`not${number}`)));
    return element("li", { class: `is-${result.replace(" ", "-")}`, "data-check": String(number), "data-result": result },
      element("span", { class: "checks__no" }, String(number)),
      element("span", {}, element("b", {}, word(result)), ` · ${WORDS[state.lang].titles[number - 1]}`),
      notes.length ? element("ul", {}, notes) : null);
  });
  return element("section", { "aria-labelledby": "checks" }, element("h2", { id: "checks" }, word("checks")),
    element("ol", { class: "checks" }, rows));
}

function facts({ bundle, record }) {
  const rows = [
    ["file", plain(`${bundle.file}, ${word("bytes", { count: bundle.bytes })}`)], ["origin", record.origin], ["size", record.entries],
    ["root", record.root], ["trust", record.constitution], ["adopted", record.adopted === null ? word("none") : record.adopted],
    ["withheld", record.withheld],
  ].filter(([, value]) => value !== undefined);
  return element("section", { "aria-labelledby": "facts" }, element("h2", { id: "facts" }, word("facts")),
    element("dl", { class: "facts" }, rows.map(([key, value]) => (
      element("div", {}, element("dt", {}, word(key)), element("dd", { class: "hash" }, String(value)))))));
}

function notProved(report) {
  const all = [...WORDS[state.lang].unproved, ...(report.witnessed ? [] : [word("witnesses")])];
  return element("section", { "aria-labelledby": "unproved" }, element("h2", { id: "unproved" }, word("notProved")),
    element("ul", { class: "bullets" }, all.map((each) => element("li", {}, each))));
}

function show(report) {
  state.report = report;
  const again = element("button", { type: "button", class: "btn" }, word("again"));
  again.addEventListener("click", ask);
  const paper = element("button", { type: "button", class: "btn" }, word("print"));
  paper.addEventListener("click", () => window.print());
  const parts = [verdict(report), ...warnings(report)];
  if (report.totals) parts.push(countries(report));
  if (report.checks) parts.push(checks(report), facts(report), notProved(report));
  byId("result").replaceChildren(...parts, element("div", { class: "acts no-print" }, again, paper));
  byId("result").setAttribute("aria-labelledby", "verdict");
  [byId("form").hidden, byId("working").hidden, byId("result").hidden] = [true, true, false];
}

// -- the work ------------------------------------------------------------------------------------------------------------------

/** The engine in a worker made of this page's own text, or, where a browser allows none, on the page itself. */
function run(file, given, progress) {
  const bootstrap = `
    self.onmessage = async ({ data: { file, given } }) => {
      let last = 0;
      const tell = (stage, done, total) => {
        if (done < total && Date.now() - last < 100) return;
        last = Date.now();
        self.postMessage({ stage, done, total });
      };
      try {
        self.postMessage({ report: await verifyBundle(file, given, tell) });
      } catch (error) {
        self.postMessage({ report: { verdict: "no-answer", code: "verifier.stopped", what: String(error) } });
      }
    };`;
  // The browser has not run a script that lacks its hash; a worker made of its text would run it all the same.
  if (typeof verifyBundle !== "function") return Promise.reject(new Error("this page was changed: its engine is not the one it was made with"));
  let worker;
  try {
    const url = URL.createObjectURL(new Blob([byId("engine").textContent, bootstrap], { type: "text/javascript" }));
    worker = new Worker(url);
  } catch {
    return verifyBundle(file, given, progress);
  }
  state.work = worker;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.report ? resolve(data.report) : progress(data.stage, data.done, data.total));
    worker.onerror = (event) => reject(new Error(event.message || "the worker stopped"));
    worker.postMessage({ file, given });
  }).finally(() => worker.terminate());
}

const bytesOf = async (input) => (input.files[0] ? new Uint8Array(await input.files[0].arrayBuffer()) : null);

function complain(message) {
  const [field, error] = [byId("constitution"), byId("constitution-error")];
  error.hidden = !message;
  error.textContent = message;
  if (message) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

async function verify(file) {
  const constitution = byId("constitution").value.replace(/\s/g, "").toLowerCase();
  if (!file) return complain(word("noBundle"));
  if (constitution && !/^[0-9a-f]{64}$/.test(constitution)) {
    complain(word("constitutionBad"));
    return byId("constitution").focus();
  }
  complain("");
  byId("result").replaceChildren();
  const given = { constitution: constitution || null, policy: await bytesOf(byId("policy")), since: await bytesOf(byId("since")) };
  [byId("form").hidden, byId("working").hidden, byId("result").hidden] = [true, false, true];
  let spoken = "";
  const progress = (stage, done, total) => {
    byId("bar").value = total ? done / total : 1;
    // A tenth at a time, so that whoever listens is not talked to without end.
    const tenth = `${stage} ${Math.floor((10 * done) / (total || 1))}`;
    if (tenth !== spoken) byId("working-label").textContent = `${word(stage)}: ${word("of", { done, total })}`;
    spoken = tenth;
  };
  progress("members", 0, file.size);
  try {
    show(await run(file, given, progress));
  } catch (error) {
    show({ verdict: "no-answer", code: "verifier.stopped", what: String(error) });
  }
  return byId("result").focus();
}

function ask() {
  state.report = null;
  byId("bundle").value = "";
  [byId("form").hidden, byId("working").hidden, byId("result").hidden] = [false, true, true];
  byId("bundle").focus();
}

// -- languages, files, beginnings ----------------------------------------------------------------------------------------------

function speak(lang) {
  state.lang = lang;
  document.documentElement.lang = lang;
  document.title = word("title");
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = word(each.dataset.word);
  for (const each of document.querySelectorAll("[data-lang]")) each.setAttribute("aria-pressed", String(each.dataset.lang === lang));
  if (state.report) show(state.report);
}

byId("form").hidden = false;
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  verify(byId("bundle").files[0]);
});
byId("langs").addEventListener("click", ({ target }) => target.dataset.lang && speak(target.dataset.lang));
const isOver = (over) => byId("drop").classList.toggle("drop--over", over);
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  isOver(true);
});
document.addEventListener("dragleave", () => isOver(false));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  isOver(false);
  const file = event.dataTransfer.files[0];
  if (file && !byId("form").hidden) verify(file);
});
speak((navigator.languages ?? ["en"]).map((each) => each.slice(0, 2)).find((each) => each in WORDS) ?? "en");
