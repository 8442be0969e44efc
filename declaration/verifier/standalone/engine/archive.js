// The archive: a zip in which every byte has one form. Headers are not interpreted but made again and compared, so what is left to
// believe are a name, a checksum, a length and an offset of each member. Contents are read in slices and never all at once.

const SLICE = 1 << 22;
const MEMBER_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?:\/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){0,7}$/;
const ORIGIN = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?(?::[1-9][0-9]{0,4})?(?:\/[a-z0-9][a-z0-9._-]{0,63})+$/;

/** What the file is not; told apart from what is wrong in a bundle. */
class NotABundle extends Refusal {}

const notABundle = (what, code = "bundle.form") => { throw new NotABundle(code, `not a bundle: ${what}`); };

const readSlice = async (file, from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());

function header(length, fields) {
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

const DATE = 0x0021;
const common = ({ crc, size, name }) => [[2, 0], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size], [2, name.length], [2, 0]];
const localHeader = (member) => joined(header(30, [[4, 0x04034b50], [2, 20], ...common(member)]), toBytes(member.name));
const directoryHeader = (member, offset) => joined(
  header(46, [
    [4, 0x02014b50], [2, 0x0314], [2, 20], ...common(member), [2, 0], [2, 0], [2, 0], [4, (0o100644 << 16) >>> 0], [4, offset],
  ]),
  toBytes(member.name),
);
const endRecord = (count, size, offset) => header(22, [
  [4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0],
]);

class Archive {
  /** Open a `File` or `Blob`; refused unless every header is as it must be. */
  static async open(file) {
    const archive = new Archive();
    archive.file = file;
    archive.members = await readMembers(file);
    archive.names = [...archive.members.keys()];
    await archive.readIndex();
    return archive;
  }

  async readIndex() {
    const member = this.members.get("bundle.json");
    if (!member) notABundle("an archive without bundle.json", "bundle.index");
    if (member.size > 16 << 20) notABundle("bundle.json is too large", "bundle.too-large");
    const raw = await this.read("bundle.json", 16 << 20);
    if (crc32(raw) !== member.crc) notABundle("bundle.json is damaged", "bundle.member-differs");
    try {
      this.index = readIndex(parseCanonical(raw));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      notABundle(error.message, error.code);
    }
    const listed = this.index.members.map(([name]) => name);
    if (listed.join("\n") !== this.names.filter((name) => name !== "bundle.json").join("\n")) {
      notABundle("bundle.json lists other members than the archive has", "bundle.index");
    }
  }

  has(name) {
    return this.members.has(name);
  }

  /** The content of a member of at most `limit` bytes. */
  async read(name, limit) {
    const { start, size } = this.members.get(name);
    if (size > limit) refuse("bundle.too-large", `${name} is too large`);
    return readSlice(this.file, start, start + size);
  }

  async* pieces(name) {
    const { start, size } = this.members.get(name);
    for (let at = start; at < start + size; at += SLICE) yield readSlice(this.file, at, Math.min(at + SLICE, start + size));
  }

  /** The lines of a member; each ends in a line feed, none is empty or of more than 65,535 bytes. */
  async* lines(name) {
    let rest = new Uint8Array(0);
    for await (const piece of this.pieces(name)) {
      const bytes = rest.length ? joined(rest, piece) : piece;
      let from = 0;
      for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
        if (to === from || to - from > 65535) refuse("bundle.line", `${name}: a line that is empty or too long`);
        yield bytes.subarray(from, to);
        from = to + 1;
      }
      rest = bytes.slice(from);
      if (rest.length > 65535) refuse("bundle.line", `${name}: a line that is too long`);
    }
    if (rest.length) refuse("bundle.line", `${name}: the last line has no end`);
  }

  /** Compare length, CRC-32 and SHA-256 of every member; stop at the first that differs. */
  async compare(progress) {
    for (const [name, size, digest] of this.index.members) {
      const hasher = new Sha256();
      let crc = 0;
      for await (const piece of this.pieces(name)) {
        crc = crc32(piece, crc);
        hasher.update(piece);
        progress(piece.length);
      }
      const member = this.members.get(name);
      if (member.size !== size || member.crc !== crc || hasher.hex() !== digest) {
        refuse("bundle.member-differs", `${name} is not what bundle.json says`);
      }
    }
  }
}

async function readMembers(file) {
  if (file.size < 22 || file.size > 0xffffffff) notABundle("a file of no plausible size");
  const end = await readSlice(file, file.size - 22, file.size);
  const view = new DataView(end.buffer);
  const [count, size, offset] = [view.getUint16(10, true), view.getUint32(12, true), view.getUint32(16, true)];
  if (!same(end, endRecord(count, size, offset)) || offset + size + 22 !== file.size || !count || count > 60000) {
    notABundle("its last bytes are not as they must be");
  }
  if (size > count * (46 + 8 * 129)) notABundle("a directory of no plausible size");
  const directory = await readSlice(file, offset, offset + size);
  const members = new Map();
  let position = 0;
  let expected = 0;
  for (let i = 0; i < count; i++) {
    const member = directoryFields(directory, position);
    const wanted = directoryHeader(member, expected);
    if (!same(directory.subarray(position, position + wanted.length), wanted)) notABundle("a header is not as it must be", "bundle.header");
    const local = localHeader(member);
    if (!same(await readSlice(file, expected, expected + local.length), local)) {
      notABundle("a header is not as it must be", "bundle.header");
    }
    member.start = expected + local.length;
    if (members.has(member.name)) notABundle("a member twice", "bundle.names");
    members.set(member.name, member);
    position += wanted.length;
    expected = member.start + member.size;
  }
  if (position !== size || expected !== offset) notABundle("gaps or leftovers between members");
  requireNames([...members.keys()]);
  return members;
}

function directoryFields(directory, position) {
  if (position + 46 > directory.length) notABundle("its directory ends too early");
  const view = new DataView(directory.buffer, directory.byteOffset + position, 46);
  const length = view.getUint16(28, true);
  const name = LATIN.decode(directory.subarray(position + 46, position + 46 + length));
  if (!MEMBER_NAME.test(name)) notABundle("a member's name is not allowed", "bundle.names");
  return { name, crc: view.getUint32(16, true), size: view.getUint32(20, true) };
}

/** Sorted, each once, not differing in case only, none the folder of another. */
function requireNames(names) {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const folders = new Set();
  for (const name of lower) {
    const parts = name.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  const sorted = names.every((name, i) => !i || names[i - 1] < name);
  if (!sorted || lower.size !== names.length || names.some((name) => folders.has(name.toLowerCase()))) {
    notABundle("members are sorted, and their names do not collide", "bundle.names");
  }
}

function readIndex(value) {
  const isRow = (row) => Array.isArray(row) && row.length === 3 && isText(row[0]) && Number.isSafeInteger(row[1]) && isHex32(row[2]);
  const whole = hasMembers(value, "format", "members", "origin", "size") && value.format === "bundle-1" && Array.isArray(value.members);
  if (!whole || !Number.isSafeInteger(value.size) || value.size < 0 || !value.members.every(isRow)) {
    refuse("bundle.index", "bundle.json is not of format bundle-1");
  }
  if (!isText(value.origin) || value.origin.length > 128 || !ORIGIN.test(value.origin)) refuse("name.origin", "not a valid origin");
  return value;
}
