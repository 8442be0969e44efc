# Canonical JSON, or refused: RFC 8785 on the profile of the protocol, and the parts of an entry taken out. Run by verify.sh, in the C
# locale, without intervals in expressions, which old awks do not know.
#
# For every entry one line, index|problem|at|epoch|type|role.party|log|declaration|seen size|seen root|fingerprint in hex|key in hex|
# new or repeated|hours, and the files st/N (the statement's exact bytes) and sig/N. With MODE=index it reads bundle.json instead.

function bad(what) { if (problem == "") problem = what; return 0 }
function hexval(c) { return index("0123456789abcdef", c) - 1 }

function string_(   start, c, e) {            # at the opening quote; leaves TEXT raw
  if (substr(S, AT, 1) != "\"") return bad("json.syntax")
  start = ++AT
  for (;;) {
    c = substr(S, AT, 1)
    if (c == "") return bad("json.syntax")
    if (c == "\"") break
    if (c == "\\") {
      e = substr(S, AT + 1, 1)
      if (e == "u") {
        e = substr(S, AT + 2, 4)
        if (e !~ /^00[01][0-9a-f]$/ || e ~ /^00(08|09|0a|0c|0d)$/) return bad("json.not-canonical")
        AT += 6
      } else if (index("\"\\bfnrt", e) && e != "") AT += 2
      else return bad("json.not-canonical")
    } else AT++
  }
  TEXT = substr(S, start, AT - start)
  AT++
  return 1
}

function plain_key(k,   out, i, c, n) {       # as it sorts: escapes undone
  if (!index(k, "\\")) return k
  out = ""
  for (i = 1; i <= length(k); i++) {
    c = substr(k, i, 1)
    if (c != "\\") { out = out c; continue }
    c = substr(k, ++i, 1)
    if (c == "u") { n = 16 * hexval(substr(k, i + 3, 1)) + hexval(substr(k, i + 4, 1)); out = out sprintf("%c", n ? n : 1); i += 4 }
    else out = out (c == "b" ? "\b" : c == "f" ? "\f" : c == "n" ? "\n" : c == "r" ? "\r" : c == "t" ? "\t" : c)
  }
  return out
}

function value(path, depth,   c, start, key, last, first, n, word) {
  c = substr(S, AT, 1)
  start = AT
  if (c == "\"") { if (!string_()) return 0; if (depth <= 4) V[path] = TEXT; return 1 }
  if (c == "{" || c == "[") {
    if (depth >= 32) return bad("json.depth")
    AT++
    n = 0; first = 1; last = ""
    for (;;) {
      if (substr(S, AT, 1) == (c == "{" ? "}" : "]")) { if (!first && substr(S, AT - 1, 1) == ",") return bad("json.syntax"); AT++; break }
      if (!first) { if (substr(S, AT, 1) != ",") return bad("json.not-canonical"); AT++ }
      if (c == "{") {
        if (!string_()) return 0
        if (TEXT ~ /[\200-\377]/) return bad("json.key")
        key = plain_key(TEXT) ""
        if (!first && key == last) return bad("json.duplicate-key")
        if (!first && key < last) return bad("json.not-canonical")
        last = key
        if (substr(S, AT, 1) != ":") return bad("json.not-canonical")
        AT++
        if (depth <= 2) KEYS[path] = KEYS[path] key " "
      } else key = n
      if (!value(path "/" key, depth + 1)) return 0
      first = 0; n++
    }
    if (depth <= 4) { LEN[path] = n; V[path] = substr(S, start, AT - start) }
    return 1
  }
  word = substr(S, AT, 24)
  if (match(word, /^(true|false|null)/)) { AT += RLENGTH; V[path] = substr(word, 1, RLENGTH); return 1 }
  if (match(word, /^-?(0|[1-9][0-9]*)/)) {
    word = substr(word, 1, RLENGTH); AT += RLENGTH
    if (substr(S, AT, 1) ~ /[.eE0-9]/ || word == "-0") return bad("json.number")
    sub(/^-/, "", word)
    if (length(word) > 16 || (length(word) == 16 && (word "") > "9007199254740991")) return bad("json.integer")
    V[path] = substr(S, start, AT - start)
    return 1
  }
  return bad("json.syntax")
}

function is_utf8(text) {
  if (text !~ /[\200-\377]/) return 1
  gsub(/[\302-\337][\200-\277]/, "?", text)
  gsub(/\340[\240-\277][\200-\277]/, "?", text)
  gsub(/[\341-\354\356\357][\200-\277][\200-\277]/, "?", text)
  gsub(/\355[\200-\237][\200-\277]/, "?", text)
  gsub(/\360[\220-\277][\200-\277][\200-\277]/, "?", text)
  gsub(/[\361-\363][\200-\277][\200-\277][\200-\277]/, "?", text)
  gsub(/\364[\200-\217][\200-\277][\200-\277]/, "?", text)
  return text !~ /[\200-\377]/
}

function whole(text) {                        # the only value of the text, canonical
  split("", V); split("", KEYS); split("", LEN)
  S = text; AT = 1
  if (!is_utf8(text)) return bad("json.not-utf8")
  return value("", 0) && (AT > length(S) || bad("json.not-canonical"))
}

function epoch(t,   y, m, d, days) {          # seconds since 1970, or -1
  if (t !~ /^[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$/) return -1
  y = substr(t, 1, 4) + 0; m = substr(t, 6, 2) + 0; d = substr(t, 9, 2) + 0
  days = m == 2 ? 28 + (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) : (m == 4 || m == 6 || m == 9 || m == 11) ? 30 : 31
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > days || substr(t, 12, 2) + 0 > 23) return -1
  if (m <= 2) { y--; m += 12 }
  days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
  return days * 86400 + substr(t, 12, 2) * 3600 + substr(t, 15, 2) * 60 + substr(t, 18, 2)
}

function unbase64(text,   i, n, out, a, b, pad) {   # hex, or "" where it is not canonical base64
  n = length(text)
  if (n == 0 || n % 4 || text !~ /^[A-Za-z0-9+\/]+=?=?$/) return ""
  pad = text ~ /==$/ ? 2 : text ~ /=$/ ? 1 : 0
  out = ""
  for (i = 1; i < n; i += 2) { a = substr(text, i, 1); b = substr(text, i + 1, 1); out = out THREE[(a == "=" ? "A" : a) (b == "=" ? "A" : b)] }
  if (substr(out, length(out) - 2 * pad + 1) !~ /^0*$/) return ""
  return substr(out, 1, length(out) - 2 * pad)
}

function number(h,   i, n) { n = 0; for (i = 1; i <= length(h); i++) n = 16 * n + hexval(substr(h, i, 1)); return n }
function field(   n) {                        # a string of the SSH wire format in hex, from the hex W at position P
  if (P + 7 > length(W)) { WIRE = 0; return "" }
  n = number(substr(W, P, 8)); P += 8
  if (n > 8192 || P + 2 * n - 1 > length(W)) { WIRE = 0; return "" }
  P += 2 * n
  return substr(W, P - 2 * n, 2 * n)
}
function hex(text,   i, out) { out = ""; for (i = 1; i <= length(text); i++) out = out CODE[substr(text, i, 1)]; return out }
function text_of(h,   i, out) { out = ""; for (i = 1; i < length(h); i += 2) out = out LETTER[substr(h, i, 2)]; return out }
function reversed(h,   i, out) { out = ""; for (i = length(h) - 1; i > 0; i -= 2) out = out substr(h, i, 2); return out }
function unsigned(h,   c) { c = substr(h, 63, 1); return substr(h, 1, 62) substr("0123456701234567", hexval(c) + 1, 1) substr(h, 64, 1) }
function scalar(h) {                          # an mpint below the order of P-256
  if (h == "" || h ~ /^[89a-f]/ || h == "00" || h ~ /^00[0-7]/) return 0
  sub(/^00/, "", h)
  if (length(h) > 64) return 0
  while (length(h) < 64) h = "0" h
  return (h "") < "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
}

function signature(h, namespace,   key, kind, ns, sig, a, point, app, client, i, found) {
  W = h; P = 1; WIRE = 1
  if (length(h) > 16384) return bad("signature.too-long")
  if (substr(h, 1, 20) != "53534853494700000001") return bad("signature.version")
  P = 21
  key = field(); ns = field()
  if (WIRE && ns == "") return bad("signature.namespace")
  if (field() != "") return bad("signature.reserved")
  if (WIRE && field() != hex("sha512")) return bad("signature.hash")
  sig = field()
  if (!WIRE || P != length(W) + 1 || length(key) > 1024) return bad("signature.malformed")
  KEY = key
  W = key; P = 1
  kind = text_of(field())
  if (kind == "ssh-ed25519") point = field()
  else if (kind == "ecdsa-sha2-nistp256" || kind == "sk-ecdsa-sha2-nistp256@openssh.com") {
    if (text_of(field()) != "nistp256") return bad("key.kind")
    point = field()
    app = kind ~ /^sk/ ? text_of(field()) : ""
  } else return bad("key.kind")
  if (!WIRE || P != length(W) + 1) return bad("signature.malformed")
  if (ns != hex(namespace)) return bad("signature.namespace")
  W = sig; P = 1
  if (text_of(field()) != (kind ~ /^sk/ ? "webauthn-" kind : kind)) return bad("signature.kind")
  a = field()
  if (kind == "ssh-ed25519") {
    if (length(a) != 128 || length(point) != 64 || P != length(W) + 1) return bad("signature.malformed")
    if (reversed(substr(a, 65)) >= "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed") return bad("signature.invalid")
    if (unsigned(substr(a, 1, 64)) in SMALLS || unsigned(point) in SMALLS) return bad("signature.invalid")
    if (reversed(unsigned(point)) >= "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed") return bad("signature.invalid")
    return 1
  }
  if (kind ~ /^sk/) {
    FLAGS = number(substr(W, P, 2)); P += 10
    client = P; ORIGIN = text_of(field()); CLIENT = text_of(field()); EXT = field()
  }
  if (!WIRE || P != length(W) + 1) return bad("signature.malformed")
  W = a; P = 1
  if (!scalar(field()) || !scalar(field()) || !WIRE || P != length(W) + 1) return bad("signature.malformed")
  return kind ~ /^sk/ ? passkey(app) : 1
}

function passkey(app,   i, found) {
  if (app != RP) return bad("passkey.rp-id")
  found = 0
  for (i = 0; i < NORIGINS; i++) if (ORIGINS[i] == ORIGIN) found = 1
  if (!found) return bad("passkey.origin")
  if (CLIENT !~ /"[,}]/ || index(CLIENT, "\\") || gsub(/"type"[ \t]*:/, "&", CLIENT) != 1) return bad("passkey.client-data")
  if (gsub(/"challenge"[ \t]*:/, "&", CLIENT) != 1 || gsub(/"origin"[ \t]*:/, "&", CLIENT) != 1) return bad("passkey.client-data")
  if (CLIENT ~ /"topOrigin"/ || (CLIENT ~ /"crossOrigin"/ && CLIENT !~ /"crossOrigin"[ \t\r\n]*:[ \t\r\n]*false[ \t\r\n]*[,}]/)) return bad("passkey.cross-origin")
  if (FLAGS % 2 == 0) return bad("passkey.user-present")
  if (int(FLAGS / 4) % 2 == 0) return bad("passkey.user-verified")
  if (int(FLAGS / 64) % 2 || (FLAGS >= 128) != (EXT != "")) return bad("passkey.flags")
  return 1
}

function statement(   s, i, n, common) {
  s = "/statement"
  n = split("by declaration log nonce object seen type", common, " ")
  for (i = 1; i <= n; i++) if (!((s "/" common[i]) in V)) return bad("statement.fields")
  if (KEYS[s "/by"] != "key party role ") return bad("statement.by")
  if (V[s "/by/key"] !~ /^SHA256:[A-Za-z0-9+\/]*[AEIMQUYcgkosw048]$/ || length(V[s "/by/key"]) != 50) return bad("key.fingerprint")
  if (V[s "/by/party"] !~ /^[a-z0-9][a-z0-9.-]*$/ || length(V[s "/by/party"]) > 64) return bad("name.party")
  if (V[s "/by/role"] !~ /^[a-z][a-z0-9-]*$/ || length(V[s "/by/role"]) > 32) return bad("name.role")
  if (V[s "/type"] !~ /^[a-z][a-z_]*(\.[a-z][a-z_]*)?-v1$/ || length(V[s "/type"]) > 68) return bad("name.type")
  if (V[s "/declaration"] !~ /^[A-Za-z0-9][A-Za-z0-9._:\/-]*$/ || length(V[s "/declaration"]) > 128) return bad("name.identifier")
  if (V[s "/log"] !~ /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]*)?(\/[a-z0-9][a-z0-9._-]*)+$/ || length(V[s "/log"]) > 128) return bad("name.origin")
  if (V[s "/nonce"] !~ /^[A-Za-z0-9_-]*[AQgw]$/ || length(V[s "/nonce"]) != 22) return bad("statement.nonce")
  if (V[s "/type"] == "constitution-v1" ? V[s "/object"] != "null" : V[s "/object"] !~ /^[0-9a-f]+$/ || length(V[s "/object"]) != 64) return bad("statement.object")
  if (V[s "/seen"] !~ /^(0|[1-9][0-9]*):[0-9a-f]+$/ || length(V[s "/seen"]) - index(V[s "/seen"], ":") != 64) return bad("statement.seen")
  return 1
}

BEGIN {
  ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for (i = 0; i < 64; i++) for (j = 0; j < 64; j++) THREE[substr(ALPHABET, i + 1, 1) substr(ALPHABET, j + 1, 1)] = sprintf("%03x", 64 * i + j)
  LETTER["00"] = "\177"  # no byte may vanish
  for (i = 1; i < 256; i++) { CODE[sprintf("%c", i)] = sprintf("%02x", i); LETTER[sprintf("%02x", i)] = sprintf("%c", i) }
  n = split(SMALL, list, " "); for (i = 1; i <= n; i++) SMALLS[list[i]] = 1
}

MODE == "index" {
  problem = ""
  if (NR > 1 || !whole($0) || KEYS[""] != "format members origin size " || V["/format"] != "bundle-1" || V["/size"] !~ /^[0-9]+$/) { print "bad"; exit }
  print V["/origin"]; print V["/size"]
  for (i = 0; i < LEN["/members"]; i++) print V["/members/" i "/2"], V["/members/" i "/1"], V["/members/" i "/0"]
  next
}

{
  n = NR - 1; problem = ""; KEY = ""; epoch_ = -1; declared = ""
  line = $0
  if (length(line) > 65535) bad("entry.too-long")
  else if (whole(line)) {
    if (KEYS[""] != "at signature statement " || LEN[""] != 3 || substr(line, 1, 7) != "{\"at\":\"") bad("entry.fields")
    else {
      epoch_ = epoch(V["/at"])
      blob = unbase64(V["/signature"])
      bytes = V["/statement"]
      if (substr(line, 1, 28 + 14) != "{\"at\":\"" V["/at"] "\",\"signature\":\"" || epoch_ < 0) bad("encoding.time")
      else if (blob == "" || length(blob) > 16384) bad("encoding.base64")
      else if (length(bytes) > 32768) bad("statement.too-long")
      else if (line != "{\"at\":\"" V["/at"] "\",\"signature\":\"" V["/signature"] "\",\"statement\":" bytes "}") bad("entry.fields")
      else if (statement()) {
        declared = V["/statement/declaration"]
        if (n == 0 && V["/statement/type"] == "constitution-v1") {
          RP = V["/statement/rp_id"]; NORIGINS = LEN["/statement/origins"]; HOURS = V["/statement/rules/hold_hours"]
          for (i = 0; i < NORIGINS; i++) ORIGINS[i] = V["/statement/origins/" i]
        }
        printf "%s", bytes > (DIR "/st/" n); close(DIR "/st/" n)
        file = DIR "/sig/" n
        print "-----BEGIN SSH SIGNATURE-----" > file
        for (i = 1; i <= length(V["/signature"]); i += 70) print substr(V["/signature"], i, 70) > file
        print "-----END SSH SIGNATURE-----" > file
        close(file)
        signature(blob, V["/statement/type"] "@" V["/statement/log"])
        s = problem
        c = V["/statement/content"]
        if (length(c) == 64 && c ~ /^[0-9a-f]+$/) print c > (DIR "/cited")
        seen = V["/statement/seen"]
        printf "%d|%s|%s|%d|%s|%s|%s|%s|%s|%s|%s|%s|%s|%d\n", n, s, V["/at"], epoch_, V["/statement/type"], \
          V["/statement/by/role"] "." V["/statement/by/party"], V["/statement/log"], declared, substr(seen, 1, index(seen, ":") - 1), \
          substr(seen, index(seen, ":") + 1), unbase64(substr(V["/statement/by/key"], 8) "="), KEY, (bytes in TAKEN) ? "repeated" : "new", HOURS
        TAKEN[bytes] = 1
        next
      }
    }
  }
  printf "%d|%s||||||||||||\n", n, problem
}
