#!/usr/bin/env bash
# A second opinion on a bundle, by tools that are not ours: bash, ssh-keygen (OpenSSH 9.1 or newer), openssl 3, awk, coreutils.
#
#   bash verify.sh [-c CONSTITUTION] [-p POLICY] [BUNDLE.zip | FOLDER]
#
# Without an argument it verifies the unpacked bundle that it lies in. CONSTITUTION is the root of trust, 64 digits from the screen in
# the hall, a printed text or a receipt; POLICY is the policy file that you kept. What it checks are numbers 1 (contents of the members),
# 2, 3 and 4 of the nine, for up to some thousands of entries; it says which checks it did not run. What it meets of check 5 in
# passing is named too. Exit status: 0 nothing was found, 1 refused, 2 not a bundle, or something is missing on this machine.

set -u -o pipefail
export LC_ALL=C TZ=UTC
umask 077

TITLES=(""
  "every member is what bundle.json says"
  "the checkpoint is signed as the policy demands"
  "the entries give exactly that root, and every root that a signer had seen"
  "every entry is canonical, new, in time order, and its signature strictly valid"
  "every signer had authority at that position, from the constitution on"
  "every act was allowed in the state that it met"
  "texts match their manifests, and every changed word follows from what was accepted"
  "endorsements name the adopted text, are in the window, and are one an organization"
  "totals by country follow from the above alone")
MOST_FINDINGS=20
RAN=(0 0 0 0 0 0 0 0 0 0)
COUNT=(0 0 0 0 0 0 0 0 0 0)
SAID=("" "" "" "" "" "" "" "" "" "")
# Encodings of y, without the sign bit, whose point has order 1, 2, 4 or 8, the two that are not reduced included.
SMALL="0000000000000000000000000000000000000000000000000000000000000000
0100000000000000000000000000000000000000000000000000000000000000
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"

no_answer() { printf 'NOT VERIFIED. %s\n' "$1" >&2; exit 2; }
not_a_bundle() { printf 'NOT A BUNDLE. %s\n' "$1" >&2; exit 2; }

# find CHECK CODE WHAT [WHERE]: keep a finding; the first of each check are told, the others counted.
find_() {
  COUNT[$1]=$((COUNT[$1] + 1))
  if ((COUNT[$1] <= MOST_FINDINGS)); then SAID[$1]+="     ${4:+$4: }$3  [$2]"$'\n'; fi
}

sha256_files() { # names on standard input, one a line; hex digests in that order
  if command -v sha256sum >/dev/null; then xargs sha256sum --; else xargs openssl dgst -sha256 -r; fi | cut -c1-64
}
to_escapes() { sed 's/../\\x&/g'; }
hex_of() { od -An -v -tx1 "$1" | tr -d ' \n'; }
lines_in() { wc -l < "$1" | tr -d ' '; }
is_small() { # a hex encoding of a point, in whatever sign
  local last=$((0x${1:62:2} & 0x7f))
  grep -qx "${1:0:62}$(printf %02x "$last")" <<< "$SMALL"
}

CONSTITUTION="" POLICY=""
while getopts :c:p: option; do
  case $option in
    c) CONSTITUTION=$OPTARG ;;
    p) POLICY=$OPTARG ;;
    *) no_answer "usage: verify.sh [-c CONSTITUTION] [-p POLICY] [BUNDLE.zip | FOLDER]" ;;
  esac
done
shift $((OPTIND - 1))
for tool in ssh-keygen openssl awk sed xargs od sort find; do
  command -v "$tool" > /dev/null || no_answer "$tool is not on this machine"
done
[[ -z $CONSTITUTION || $CONSTITUTION =~ ^[0-9a-f]{64}$ ]] || no_answer "the constitution is given as 64 hexadecimal digits"
[[ -z $POLICY || -r $POLICY ]] || no_answer "the policy cannot be read"
T=$(mktemp -d) || no_answer "no temporary folder"
trap 'rm -rf "$T"' EXIT
[[ -z $POLICY ]] || cp -- "$POLICY" "$T/policy"

HERE=${1:-$(dirname -- "${BASH_SOURCE[0]}")}
if [[ -f $HERE ]]; then
  command -v unzip > /dev/null || no_answer "unzip is not on this machine; unpack the bundle and give the folder"
  unzip -q -o "$HERE" -d "$T/bundle" < /dev/null > /dev/null 2>&1 || not_a_bundle "it cannot be unpacked"
  HERE=$T/bundle
fi
cd -- "$HERE" 2> /dev/null || not_a_bundle "there is no such folder"
[[ -f bundle.json && ! -L bundle.json ]] || not_a_bundle "there is no bundle.json here"

# The program that reads JSON; see its own first lines.
cat > "$T/json.awk" <<'AWK'
@AWK@AWK
read_json() { awk -v MODE="$1" -v DIR="$T" -v SMALL="${SMALL//$'\n'/ }" -f "$T/json.awk"; }
has_controls() { [[ $(tr -d '\n\040-\377' < "$1" | wc -c) -ne 0 ]]; }

# -- 1: the members --------------------------------------------------------------------------------------------------------------

has_controls bundle.json && not_a_bundle "bundle.json is not JSON of this profile"
tail -c 1 bundle.json | grep -q '}' || not_a_bundle "bundle.json is not of format bundle-1"
read_json index < bundle.json > "$T/index" 2> /dev/null
{ read -r INDEX_ORIGIN && read -r INDEX_SIZE; } < "$T/index" && [[ $INDEX_ORIGIN != bad ]] || not_a_bundle "bundle.json is not of format bundle-1"
tail -n +3 "$T/index" > "$T/listed"
KNOWN='^(policy|checkpoint|entries\.jsonl|allowed_signers|README\.txt|verify\.sh|verify\.html|checkpoints/(0|[1-9][0-9]*)'
KNOWN+='|versions/[0-9a-f]{64}/(manifest\.json|texts/[a-z]{2,3}\.txt)|contents/[0-9a-f]{64}\.json)$'

[[ -z $(find . -mindepth 1 ! -type f ! -type d | head -n 1) ]] || find_ 1 bundle.member-differs "something that is neither a file nor a folder"
find . -type f | sed 's|^\./||' | grep -vx 'bundle\.json' | sort > "$T/found"
cut -d' ' -f3- "$T/listed" | sort > "$T/names"
while IFS= read -r name; do find_ 1 bundle.index "bundle.json and the folder do not agree" "$(printf %q "$name")"; done \
  < <(comm -3 "$T/names" "$T/found" | tr -d '\t' | head -n "$MOST_FINDINGS")
while read -r digest bytes name; do
  if [[ ! $name =~ $KNOWN ]]; then find_ 1 bundle.unknown-member "not a member of a bundle" "$(printf %q "$name")"; continue; fi
  [[ -f $name ]] || continue
  [[ $(wc -c < "$name") -eq $bytes ]] || find_ 1 bundle.member-differs "not what bundle.json says" "$name"
  [[ $name != contents/* || $name == "contents/$digest.json" ]] || find_ 1 content.differs "not the document that was signed for" "$name"
  printf '%s %s\n' "$digest" "$name"
done < "$T/listed" > "$T/to-hash"
paste -d' ' <(cut -d' ' -f2- "$T/to-hash" | sha256_files) "$T/to-hash" > "$T/hashed"
while read -r is digest name; do [[ $is == "$digest" ]] || find_ 1 bundle.member-differs "not what bundle.json says" "$name"; done < "$T/hashed"
RAN[1]=1
WHOLE=1
for name in policy checkpoint entries.jsonl allowed_signers; do
  [[ -f $name ]] || { WHOLE=0; find_ 1 bundle.missing-member "missing" "$name"; }
done

# -- 2: the checkpoint -----------------------------------------------------------------------------------------------------------

# unbase64 TEXT FILE: strictly, no other spelling of the same bytes
unbase64() {
  printf %s "$1" | openssl base64 -d -A > "$2" 2> /dev/null
  [[ -s $2 && $(openssl base64 -A -in "$2") == "$1" ]]
}

# verifier VKEY ALGORITHM NAME: check a key of the policy and keep it as keys/NAME.{der,id,name}
verifier() {
  local name=${1%%+*} rest=${1#*+} key=$T/keys/$3
  local id=${rest%%+*} encoded=${rest#*+}
  [[ $1 == *+*+* && $id =~ ^[0-9a-f]{8}$ ]] || return 1
  unbase64 "$encoded" "$key.raw" && [[ $(wc -c < "$key.raw") -eq 33 && $(hex_of "$key.raw" | cut -c1-2) == "$2" ]] || return 1
  [[ $({ printf '%s\n' "$name"; cat "$key.raw"; } | openssl dgst -sha256 -r | cut -c1-8) == "$id" ]] || return 1
  is_small "$(hex_of "$key.raw" | cut -c3-)" && return 1
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$key.raw"; } > "$key.der"
  openssl pkey -pubin -inform DER -in "$key.der" -noout 2> /dev/null || return 1
  printf %s "$id" > "$key.id"
  printf %s "$name" > "$key.name"
}

declare -A WITNESS=() GROUP=() GROUPED=()
LOG="" QUORUM=""
is_known() { [[ -n ${WITNESS[$1]+x}${GROUP[$1]+x} ]]; }
read_policy() { # c2sp.org/tlog-policy, with one log
  local verb name value rest member count seen points=" " point
  [[ $(tr -d '\t\n\040-\176' < "$1" | wc -c) -eq 0 ]] || return 1
  while read -r verb name value rest; do
    case $verb in
      "" | "#"*) ;;
      log) [[ -z $LOG && -z $rest && $value =~ ^(https?://.+)?$ ]] && verifier "$name" 01 log || return 1; LOG=${name%%+*} ;;
      witness)
        [[ $rest =~ ^(https?://[!-~]+)?$ && -n $value && $name != none && $name != */* ]] && ! is_known "$name" || return 1
        verifier "$value" 04 "w-$name" || return 1
        point=$(hex_of "$T/keys/w-$name.raw"); [[ $points != *" $point "* ]] || return 1
        points+="$point " WITNESS[$name]=1 ;;
      group)
        [[ -n $rest && $name != none ]] && ! is_known "$name" || return 1
        count=0 seen=" "
        for member in $rest; do
          is_known "$member" && [[ -z ${GROUPED[$member]+x} && $seen != *" $member "* ]] || return 1
          seen+="$member " count=$((count + 1))
        done
        for member in $rest; do GROUPED[$member]=1; done
        case $value in any) value=1 ;; all) value=$count ;; esac
        [[ $value =~ ^[1-9][0-9]*$ && ${#value} -lt 6 ]] && ((value <= count)) || return 1
        GROUP[$name]="$value $rest" ;;
      quorum) [[ -z $QUORUM && -z $value ]] && { [[ $name == none ]] || is_known "$name"; } || return 1; QUORUM=$name ;;
      *) return 1 ;;
    esac
  done < <(cat "$1"; echo)
  [[ -n $LOG && -n $QUORUM ]]
}

declare -A SIGNED=()
is_met() { # whether the quorum or a member of it has signed; groups name only what stands before them
  local needed members member met=0
  if [[ -n ${WITNESS[$1]+x} ]]; then [[ -n ${SIGNED[w-$1]+x} ]]; return; fi
  read -r needed members <<< "${GROUP[$1]}"
  for member in $members; do is_met "$member" && met=$((met + 1)); done
  ((met >= needed))
}

# checkpoint FILE: sets CP_SIZE, CP_ROOT (hex) and SIGNED, or WHY it is refused
checkpoint() {
  local lines=() line row name data key i
  WHY=note.form SIGNED=()
  [[ $(wc -c < "$1") -le 65536 && $(tail -c 1 "$1" | hex_of /dev/stdin) == 0a ]] && ! has_controls "$1" || return 1
  while IFS= read -r line; do lines+=("$line"); done < "$1"
  ((${#lines[@]} > 4 && ${#lines[@]} <= 104)) && [[ -z ${lines[3]} ]] || return 1
  head -n 3 "$1" > "$T/note.text"
  for ((i = 4; i < ${#lines[@]}; i++)); do
    row=${lines[i]}
    [[ $row == $'\xe2\x80\x94 '* ]] || return 1
    name=${row#$'\xe2\x80\x94 '}
    data=${name#* } name=${name%% *}
    unbase64 "$data" "$T/note.sig" && [[ $(wc -c < "$T/note.sig") -ge 5 ]] || return 1
    for key in "$T"/keys/*.der; do
      key=${key%.der}
      [[ $(cat "$key.name") == "$name" && $(cat "$key.id") == $(hex_of "$T/note.sig" | cut -c1-8) ]] || continue
      [[ -z ${SIGNED[${key##*/}]+x} ]] || { WHY=note.repeated; return 1; }
      signs_note "$key" || { WHY=note.bad-signature; return 1; }
      SIGNED[${key##*/}]=1
    done
  done
  WHY=note.unsigned; [[ -n ${SIGNED[log]+x} ]] || return 1
  WHY=checkpoint.form; [[ ${lines[1]} =~ ^(0|[1-9][0-9]*)$ && ${#lines[1]} -le 15 ]] || return 1
  WHY=checkpoint.root; unbase64 "${lines[2]}" "$T/note.root" && [[ $(wc -c < "$T/note.root") -eq 32 ]] || return 1
  WHY=checkpoint.origin; [[ ${lines[0]} == "$LOG" ]] || return 1
  CP_SIZE=${lines[1]} CP_ROOT=$(hex_of "$T/note.root")
}

signs_note() {
  local text=$T/note.text length
  length=$(wc -c < "$T/note.sig")
  tail -c +5 "$T/note.sig" > "$T/note.rest"
  if [[ $1 == */w-* ]]; then
    ((length == 4 + 8 + 64)) || return 1
    { printf 'cosignature/v1\ntime %d\n' "0x$(hex_of "$T/note.rest" | cut -c1-16)"; cat "$text"; } > "$T/note.cosigned"
    tail -c 64 "$T/note.rest" > "$T/note.64"
    text=$T/note.cosigned
  else
    ((length == 4 + 64)) || return 1
    cp "$T/note.rest" "$T/note.64"
  fi
  is_small "$(hex_of "$T/note.64" | cut -c1-64)" && return 1
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$1.der" -rawin -in "$text" -sigfile "$T/note.64" > /dev/null 2>&1
}

mkdir "$T/keys" "$T/st" "$T/sig" "$T/node"
OTHERS=()
if ((WHOLE)); then
  if [[ $(wc -c < "${POLICY:+$T/}policy") -gt 65536 ]] || ! read_policy "${POLICY:+$T/}policy"; then find_ 2 policy.statement "not a policy" policy
  elif ! checkpoint checkpoint; then find_ 2 "$WHY" "the checkpoint is not signed as it must be" checkpoint
  elif [[ $QUORUM != none ]] && ! is_met "$QUORUM"; then find_ 2 checkpoint.quorum "too few of the policy's witnesses have signed" checkpoint
  else
    SIZE=$CP_SIZE ROOT=$CP_ROOT
    [[ $INDEX_ORIGIN == "$LOG" && $INDEX_SIZE == "$SIZE" ]] || find_ 2 checkpoint.other "bundle.json speaks of another record or size" bundle.json
    SKIPPED=$(($(find checkpoints -type f 2> /dev/null | wc -l) - 50))
    for name in $(find checkpoints -type f -name '[0-9]*' 2> /dev/null | sort -t/ -k2n | tail -n 50); do
      if ! checkpoint "$name"; then find_ 2 "$WHY" "not a checkpoint of this log" "$(printf %q "$name")"
      elif [[ $name != "checkpoints/$CP_SIZE" ]]; then find_ 2 checkpoint.name "a checkpoint of another size than its name says" "$name"
      else OTHERS+=("$CP_SIZE $CP_ROOT $name"); fi
    done
    RAN[2]=1
  fi
fi

# -- 3 and 4: the entries --------------------------------------------------------------------------------------------------------

declare -A NODE=() ROOT_AT=() BAD=() FINGERPRINT=()
N=0 UNTIMELY=""
EMPTY=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

hash_nodes() { # files node/0 … node/($1 - 1), hashed and removed; the results in HASHED as \x escapes
  HASHED=()
  (($1)) || return 0
  mapfile -t HASHED < <(cd "$T/node" && seq 0 $(($1 - 1)) | sha256_files | to_escapes)
  rm -rf "$T/node" && mkdir "$T/node"
}

grow_tree() {
  local line i level=0 count
  while IFS= read -r line; do printf '\0%s' "$line" > "$T/node/$N"; N=$((N + 1)); done < "$T/lines"
  hash_nodes "$N"
  for ((i = 0; i < N; i++)); do NODE[0,$i]=${HASHED[i]}; done
  for ((count = N / 2; count > 0; count /= 2, level++)); do
    # shellcheck disable=SC2059  # the hashes are the format: escapes of bytes, nothing else
    for ((i = 0; i < count; i++)); do printf "\\001${NODE[$level,$((2 * i))]}${NODE[$level,$((2 * i + 1))]}" > "$T/node/$i"; done
    hash_nodes "$count"
    for ((i = 0; i < count; i++)); do NODE[$((level + 1)),$i]=${HASHED[i]}; done
  done
}

# The root of every size that somebody cites: its complete subtrees, joined from the right, all sizes abreast.
roots_at() {
  local size bit offset i=0 waiting=() next=() rest
  declare -A REST=()
  ROOT_AT[0]=$EMPTY
  for size in "$@"; do
    ((size > 0 && size <= N)) && [[ -z ${ROOT_AT[$size]+x} ]] || continue
    offset=0 rest=""
    for ((bit = 30; bit >= 0; bit--)); do
      ((size >> bit & 1)) || continue
      rest="$bit,$((offset >> bit)) $rest" offset=$((offset + (1 << bit)))
    done
    ROOT_AT[$size]=${NODE[${rest%% *}]} REST[$size]=${rest#* }
    [[ -z ${REST[$size]} ]] || waiting+=("$size")
  done
  while ((${#waiting[@]})); do
    i=0
    for size in "${waiting[@]}"; do
      rest=${REST[$size]}
      # shellcheck disable=SC2059
      printf "\\001${NODE[${rest%% *}]}${ROOT_AT[$size]}" > "$T/node/$i"
      REST[$size]=${rest#* } i=$((i + 1))
    done
    hash_nodes "$i"
    i=0 next=()
    for size in "${waiting[@]}"; do
      ROOT_AT[$size]=${HASHED[i]} i=$((i + 1))
      [[ -z ${REST[$size]} ]] || next+=("$size")
    done
    waiting=("${next[@]+"${next[@]}"}")
  done
  for size in "${!ROOT_AT[@]}"; do ROOT_AT[$size]=${ROOT_AT[$size]//\\x/}; done
}

# ask_keygen EVERY FIRST: one process's share of the signatures; "index code" for each that is not as it must be. Whether a key stood at
# that moment is check 5's question: where only the time does not fit it is noted and not refused (an act may end its own key).
ask_keygen() {
  local n problem at who type log rest said turn=0
  while IFS='|' read -r n problem at rest; do
    turn=$((turn + 1))
    [[ -z $problem && $(((turn - $2) % $1)) -eq 0 ]] || continue
    IFS='|' read -r _ type who log _ <<< "$rest"
    said=(-n "$type@$log" -s "$T/sig/$n")
    ssh-keygen -Y verify -f allowed_signers -I "$who" -O verify-time="${at//[-:T]/}" "${said[@]}" < "$T/st/$n" > /dev/null 2>&1 && continue
    if ssh-keygen -Y verify -f "$T/timeless" -I "$who" "${said[@]}" < "$T/st/$n" > /dev/null 2>&1; then echo "$n time"
    elif ssh-keygen -Y check-novalidate "${said[@]}" < "$T/st/$n" > /dev/null 2>&1; then echo "$n key.unknown"
    else echo "$n signature.invalid"; fi
  done < "$T/acts"
}

signatures() {
  local cores i n code key keys=()
  cut -d'|' -f12 "$T/acts" | sort -u | sed '/^$/d' > "$T/keys.hex"
  mapfile -t keys < "$T/keys.hex"
  # shellcheck disable=SC2059
  for i in "${!keys[@]}"; do printf "$(to_escapes <<< "${keys[i]}")" > "$T/node/$i"; done
  hash_nodes "${#keys[@]}"
  for i in "${!keys[@]}"; do FINGERPRINT[${keys[i]}]=${HASHED[i]//\\x/}; done
  sed 's/,valid-\(after\|before\)="[0-9]*Z"//g' allowed_signers > "$T/timeless"
  cores=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)
  for ((i = 0; i < cores; i++)); do ask_keygen "$cores" "$i" > "$T/asked.$i" & done
  wait
  while read -r n code; do
    if [[ $code == time ]]; then UNTIMELY+=" $n"; else BAD[$n]=$code; fi
  done < <(cat "$T"/asked.*)
}

go_through() {
  local n problem at epoch type who log declared size root key blob again hours where last="" hold=24 declaration="" times=()
  while IFS='|' read -r n problem at epoch type who log declared size root key blob again hours; do
    where="entry $n${type:+, ${type%-v1} by ${who#*.}}"
    if ((n == 0)) && [[ $type == constitution-v1 ]]; then declaration=$declared hold=$hours; fi
    [[ -n $problem || -z $key || ${FINGERPRINT[$blob]:-} == "$key" ]] || problem=signature.other-key
    [[ -n $problem || ${BAD[$n]:-} != signature.invalid ]] || problem=signature.invalid
    [[ -n $at && ($last == "" || $epoch -gt $last) ]] && late=0 || late=1
    times+=("$last")
    if [[ -n $problem ]]; then find_ 4 "$problem" "not an entry, or its signature is not valid" "$where"
    else
      if ((size <= n)) && [[ ${ROOT_AT[$size]} != "$root" ]]; then find_ 3 seen.other-history "its signer saw another record of $size entries" "$where"; fi
      if [[ -n $last && $epoch -lt $last ]]; then find_ 4 record.time "the time runs backwards" "$where"
      elif [[ $again == repeated ]]; then find_ 4 record.repeated "this act is in the record already" "$where"
      elif [[ $log != "$LOG" ]]; then find_ 4 record.log "the act was signed for another record" "$where"
      elif [[ $declared != "$declaration" ]]; then find_ 4 record.declaration "the act was signed for another declaration" "$where"
      elif ((size > n || (size == 0) != (n == 0))); then find_ 3 seen.unknown "the act cites a checkpoint of $size entries" "$where"
      elif ((size < n && epoch - times[size + 1] > hold * 3600)); then find_ 4 seen.too-old "signed more than $hold hours ago" "$where"
      elif [[ -n ${BAD[$n]:-} ]]; then find_ 5 "${BAD[$n]}" "no key that may sign this is in allowed_signers" "$where"; fi
    fi
    ((late)) || last=$epoch
  done < "$T/acts"
  times+=("$last")
}

if ((RAN[2])); then
  has_controls entries.jsonl && find_ 4 json.syntax "a control character" entries.jsonl
  [[ -s entries.jsonl && $(tail -c 1 entries.jsonl | od -An -tx1 | tr -d ' ') != 0a ]] && find_ 4 bundle.line "the last line has no end" entries.jsonl
  grep -q '^$' entries.jsonl && find_ 4 bundle.line "an empty line" entries.jsonl
  # What is no whole line is no entry; nothing behind an empty line is read.
  head -n "$(lines_in entries.jsonl)" entries.jsonl | tr -d '\000' | sed '/^$/,$d' > "$T/lines"
  [[ $(lines_in "$T/lines") -le 2000 ]] || printf '%s entries: this takes minutes.\n' "$(lines_in "$T/lines")" >&2
  touch "$T/cited"
  read_json entries < "$T/lines" > "$T/acts" || no_answer "awk could not read the entries"
  if [[ $(head -n 1 "$T/acts" | cut -d'|' -f5) != constitution-v1 ]]; then find_ 5 constitution.missing "the record does not begin with a constitution" "entry 0"
  else
    grow_tree
    TRUST=${NODE[0,0]//\\x/}
    [[ -z $CONSTITUTION || $CONSTITUTION == "$TRUST" ]] || find_ 5 constitution.other "another constitution than $CONSTITUTION" "entry 0"
    # shellcheck disable=SC2046
    roots_at "$N" $(cut -d'|' -f9 "$T/acts" | grep -x '[0-9]\{1,9\}' | sort -un) $(printf '%s\n' "${OTHERS[@]+"${OTHERS[@]}"}" | cut -d' ' -f1)
    if ((N != SIZE)); then find_ 3 record.size "the bundle has $N entries, the checkpoint says $SIZE" entries.jsonl
    elif [[ ${ROOT_AT[$N]} != "$ROOT" ]]; then find_ 3 record.root "the entries are not those that the log signed for" entries.jsonl; fi
    for other in "${OTHERS[@]+"${OTHERS[@]}"}"; do
      read -r size root name <<< "$other"
      if ((size == SIZE)) && [[ $root != "$ROOT" ]]; then find_ 3 checkpoint.two-roots "the log has signed two roots for size $size: keep both" "$name"
      elif ((size > SIZE)); then find_ 3 record.truncated "the log has signed for $size entries" "$name"
      elif [[ ${ROOT_AT[$size]:-} != "$root" ]]; then find_ 3 checkpoint.not-extended "the record does not extend these $size entries: keep both" "$name"; fi
    done
    signatures
    go_through
    while read -r name; do find_ 1 content.uncited "a document that no act names" "contents/$name.json"; done \
      < <(find contents -type f 2> /dev/null | sed -n 's|^contents/\([0-9a-f]*\)\.json$|\1|p' | sort | comm -23 - <(sort -u "$T/cited"))
    RAN[3]=1 RAN[4]=1
  fi
fi

# -- the answer ------------------------------------------------------------------------------------------------------------------

STATUS=0 ORDER="1 2 3 4 5"
# An act that was removed leaves its document behind: that follows, and is not named before its cause.
grep -qv content.uncited <<< "${SAID[1]%$'\n'}" || ORDER="2 3 4 5 1"
for number in $ORDER; do
  if ((COUNT[number])); then
    first=${SAID[number]%%$'\n'*}
    printf 'REFUSED at check %s. %s\n' "$number" "${first#     }"
    STATUS=1
    break
  fi
done
if ((STATUS == 0)); then printf 'NOTHING WRONG was found by checks 1 to 4. Checks 5 to 9 were not run.\n'; fi
printf '\n'
[[ -n $CONSTITUTION ]] || printf 'WARNING: The constitution came out of this bundle. Give -c with the hash from the hall screen, a printed text or a receipt.\n'
[[ -n $POLICY ]] || printf 'WARNING: The policy, and with it the log'\''s key, came out of this bundle. Give -p with the one that you trust.\n'
for number in 1 2 3 4 5 6 7 8 9; do
  if ((COUNT[number])); then result=FAILED; elif ((RAN[number])); then result=passed; else result="not run"; fi
  printf '%s  %-8s%s\n%s' "$number" "$result" "${TITLES[number]}" "${SAID[number]}"
  ((COUNT[number] <= MOST_FINDINGS)) || printf '     and %s more\n' $((COUNT[number] - MOST_FINDINGS))
done
printf '\nThe form of the zip archive was not looked at, only what is in it. Checks 5 to 9 ask who had authority, what was allowed, whose\n'
printf 'words the texts are, and what counts: verify.html and the verifier of the project ask them.\n'
[[ -z ${UNTIMELY:-} ]] || printf 'By allowed_signers these entries were signed with a key whose time had not begun or was over:%s.\n' "$UNTIMELY"
((${SKIPPED:-0} <= 0)) || printf 'Of the earlier checkpoints only the newest 50 were looked at.\n'
[[ -z ${TRUST:-} ]] || printf '\nrecord        %s\nentries       %s\nroot          %s\nconstitution  %s\n' "$LOG" "$SIZE" "$ROOT" "$TRUST"
exit "$STATUS"
