// Canonical JSON (RFC 8785) on the profile of the protocol: parsed by the browser, printed again by us, compared with what came.
// What the browser's parser forgives (a key given twice, another order, spaces, 1.0 for 1) the comparison does not.

const MOST_LEVELS = 32;

function printed(value, depth = 0) {
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) refuse("json.number", "a number that is not an integer below 2^53");
    return String(value);
  }
  if (typeof value === "string") {
    if (/[\ud800-\udfff]/.test(value) && !wellFormed(value)) refuse("json.surrogate", "a lone surrogate");
    return JSON.stringify(value);
  }
  if (depth === MOST_LEVELS) refuse("json.depth", "JSON nested too deep");
  if (Array.isArray(value)) return `[${value.map((item) => printed(item, depth + 1)).join(",")}]`;
  const members = Object.keys(value).sort().map((key) => {
    if (!/^[\x00-\x7f]*$/.test(key)) refuse("json.key", "a key that is not ASCII");
    return `${JSON.stringify(key)}:${printed(value[key], depth + 1)}`;
  });
  return `{${members.join(",")}}`;
}

function wellFormed(text) {
  for (const letter of text) {
    const code = letter.codePointAt(0);
    if (code >= 0xd800 && code <= 0xdfff) return false;
  }
  return true;
}

/** The value of any JSON of the profile in UTF-8, in whatever spelling; a key given twice is refused. */
function parseJson(bytes) {
  const text = fromUtf8(bytes);
  if (text.startsWith("\ufeff")) refuse("json.syntax", "a byte order mark");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("json.syntax", "not JSON");
  }
  printed(value);
  return value;
}

function parseCanonical(bytes) {
  const text = fromUtf8(bytes);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("json.syntax", "not JSON");
  }
  if (printed(value) !== text) refuse("json.not-canonical", "not canonical JSON");
  return value;
}

/** Whether a key stands twice in one object. Only for JSON whose spelling is free; canonical JSON cannot have one. */
function repeatsKey(text) {
  const levels = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === "{" || token === "[") levels.push(new Set());
    else if (token === "}" || token === "]") levels.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1));
      const level = levels.at(-1);
      if (!level || level.has(key)) return true;
      level.add(key);
    }
  }
  return false;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string";

/** Exactly these members, no others. */
function hasMembers(value, ...names) {
  return isObject(value) && Object.keys(value).sort().join("\n") === names.sort().join("\n");
}
