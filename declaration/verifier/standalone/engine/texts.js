// The texts in the bundle: letter for letter those that their manifests name. Who put the words there is the procedure's question and
// not asked here.

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/;
const UNIT = /^[A-Za-z][A-Za-z0-9.-]{0,31}$/;
const NUMBER = new RegExp(
  "^(?:[0-9]{1,4}(?:\\.[0-9]{1,3}){0,2}|\\((?:[a-z]|[ivxlc]{1,6}|[0-9]{1,3})\\)|[a-z]|[ivxlc]{1,6})"
  + "(?: ?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies))?$",
);
const MOST_OF_A_TEXT = 8 << 20;

function readManifest(raw) {
  const value = parseCanonical(raw);
  if (!hasMembers(value, "declaration", "previous", "symbol", "texts", "type", "units")) refuse("manifest.fields", "not a manifest");
  if (value.type !== "manifest-v1") refuse("manifest.type", "not a manifest-v1");
  if (!Array.isArray(value.texts) || !Array.isArray(value.units)) refuse("manifest.fields", "expected a list");
  value.texts.forEach(requireTextRow);
  const languages = value.texts.map((row) => row.lang);
  if (!languages.length || !languages.every((lang, i) => !i || languages[i - 1] < lang)) {
    refuse("manifest.texts", "texts are sorted by language, each once");
  }
  const before = new Set();
  if (!value.units.length || value.units.length > 10000) refuse("manifest.units", "at least one unit and at most 10,000");
  for (const row of value.units) {
    requireUnitRow(row, languages);
    if (before.has(row.id) || (row.parent !== null && !before.has(row.parent))) refuse("manifest.units", "units are in order, each once");
    before.add(row.id);
  }
  named("identifier", value.declaration);
  named("identifier", value.symbol);
  if (value.previous !== null && !isHex32(value.previous)) refuse("encoding.hex", "expected 64 hexadecimal digits");
  return value;
}

function requireTextRow(row) {
  const whole = hasMembers(row, "bytes", "lang", "sha256", "status") && Number.isSafeInteger(row.bytes) && row.bytes > 0
    && isText(row.lang) && LANGUAGE.test(row.lang) && isHex32(row.sha256) && ["authentic", "translation"].includes(row.status);
  if (!whole) refuse("manifest.texts", "a text has a language, a length, a hash, and is authentic or a translation");
}

function requireUnitRow(row, languages) {
  const isId = (value) => isText(value) && UNIT.test(value);
  const whole = hasMembers(row, "id", "kind", "number", "parent", "sha256") && isId(row.id) && (row.parent === null || isId(row.parent))
    && isText(row.kind) && /^[a-z][a-z_]{0,31}$/.test(row.kind) && (row.number === null || (isText(row.number) && NUMBER.test(row.number)))
    && hasMembers(row.sha256, ...languages) && Object.values(row.sha256).every(isHex32);
  if (!whole) refuse("manifest.units", "a unit has not its form");
}

/** The units of a canonical text, `[ID] number. words`, one line each with an empty line between. */
function readText(raw) {
  const text = fromUtf8(raw, "text.not-utf8");
  if (!text.endsWith("\n")) refuse("text.form", "a text does not end in a line end");
  const seen = new Set();
  return text.slice(0, -1).split("\n\n").map((block) => {
    const match = /^\[([^\]]*)\] ([^\n]+)$/.exec(block);
    if (!match || !UNIT.test(match[1]) || seen.has(match[1])) refuse("text.form", "a line of the text does not begin with a unit's id");
    seen.add(match[1]);
    const cut = match[2].indexOf(". ");
    const numbered = cut >= 0 && NUMBER.test(match[2].slice(0, cut));
    const words = numbered ? match[2].slice(cut + 2) : match[2];
    if (!words || words !== words.replace(/^ +| +$/g, "") || /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(words)) {
      refuse("text.line", "a unit's text is one line without spaces at its ends");
    }
    if (words.normalize("NFC") !== words) refuse("text.not-nfc", "a unit's text must be in NFC");
    return { id: match[1], number: numbered ? match[2].slice(0, cut) : null, words };
  });
}

/** Every version in the archive: digest → manifest; those whose texts are not whole are named and left out. */
async function readVersions(archive, find) {
  const whole = new Map();
  const digests = new Set(archive.names.filter((name) => /^versions\/[^/]+\/./.test(name)).map((name) => name.split("/")[1]));
  for (const digest of [...digests].sort()) {
    const manifest = await readVersion(archive, digest, find);
    if (manifest) whole.set(digest, manifest);
  }
  return { whole, digests };
}

async function readVersion(archive, digest, find) {
  const folder = `versions/${digest}`;
  if (!archive.has(`${folder}/manifest.json`)) {
    find("version.missing", "the bundle lacks the manifest of a version that was acted on", folder);
    return null;
  }
  let manifest;
  try {
    const raw = await archive.read(`${folder}/manifest.json`, MOST_OF_A_TEXT);
    if (sha256Hex(raw) !== digest) refuse("version.digest", "the manifest is not the one that was approved");
    manifest = readManifest(raw);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    find(error.code, error.message, `${folder}/manifest.json`);
    return null;
  }
  const languages = manifest.texts.map((row) => row.lang);
  for (const name of archive.names) {
    const lang = name.startsWith(`${folder}/texts/`) ? name.slice(`${folder}/texts/`.length).replace(/\.txt$/, "") : null;
    if (lang !== null && !languages.includes(lang)) find("text.unlisted", "a text in a language that was not approved", name);
  }
  let good = true;
  for (const row of manifest.texts) good = (await textIsWhole(archive, folder, manifest, row, find)) && good;
  return good ? manifest : null;
}

async function textIsWhole(archive, folder, manifest, row, find) {
  const name = `${folder}/texts/${row.lang}.txt`;
  const where = `${manifest.symbol}, ${row.lang}`;
  if (!archive.has(name)) {
    find("text.missing", `the text in ${row.lang} is missing`, where);
    return false;
  }
  let raw;
  let units;
  try {
    raw = await archive.read(name, MOST_OF_A_TEXT);
    units = readText(raw);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    find(error.code, error.message, where);
    return false;
  }
  const words = new Map(units.map((unit) => [unit.id, unit.words]));
  let good = true;
  for (const unit of manifest.units) {
    if (!words.has(unit.id) || sha256Hex(toBytes(words.get(unit.id))) !== unit.sha256[row.lang]) {
      find("text.unit-differs", "not the words that were approved", `${unit.id} in ${row.lang}`);
      good = false;
    }
  }
  const order = (list) => JSON.stringify(list.map((unit) => [unit.id, unit.number]));
  if (order(units) !== order(manifest.units)) {
    find("text.units", "other units or numbers than in the manifest", where);
    good = false;
  }
  if (good && (raw.length !== row.bytes || sha256Hex(raw) !== row.sha256)) {
    find("text.differs", "not the text that was approved", where);
    good = false;
  }
  return good;
}
