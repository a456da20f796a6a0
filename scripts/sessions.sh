#!/usr/bin/env bash
# Runs a scenario many times, one session after the other with the seeds 1 to N, and counts what came of it: how often
# the gate is wrong on this machine, and how many blocks it takes.
#
#     scripts/sessions.sh [--load] [--log FILE] [--keep DIR] SCENARIO N [arguments of tagperf run…]
#
#     --load       keep one core busy meanwhile
#     --log FILE   append what is printed to FILE
#     --keep DIR   keep the run folders of the sessions that did not end as EXPECT says
#     EXPECT=1     the exit code of each session, or several: EXPECT=0,3. Another one makes this script's status 1
#     TAGPERF=…    the program; otherwise it is built
set -euo pipefail

fail() {
  echo "sessions: $1" >&2
  exit 2
}
usage() {
  sed -n '/^#     /s/^#  *//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

load='' log=/dev/null keep=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --load) load=yes ;;
    --log) log=${2:-} && shift ;;
    --keep) keep=${2:-} && shift ;;
    *) usage ;;
  esac
  shift || usage
done
[[ -n $log && $# -ge 2 && $2 =~ ^[1-9][0-9]*$ ]] || usage
scenario=$1 count=$2
shift 2
[[ -f $scenario ]] || fail "there is no scenario $scenario"
expected=,${EXPECT:-},
expected=${expected// /,}

tagperf=${TAGPERF:-}
if [[ -z $tagperf ]]; then
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  (cd "$root" && cargo build --release --locked --quiet)
  tagperf=${CARGO_TARGET_DIR:-$root/target}/release/tagperf
fi
[[ -x $tagperf ]] || fail "$tagperf is no program"

# Two at once would measure each other.
command -v flock >/dev/null || fail "flock is missing: install util-linux"
exec 9>"${TMPDIR:-/tmp}/tagperf-sessions.lock"
flock -n 9 || fail "other sessions are running on this machine: wait for their end"

work=$(mktemp -d) session='' burner=''
cleanup() {
  [[ -z $session ]] || { kill "$session" 2>/dev/null && wait "$session"; } || true
  [[ -z $burner ]] || kill "$burner" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# On the last core, where the system lets us choose. It ends by itself too, should this script be killed outright.
start_load() {
  local pin=()
  if command -v taskset >/dev/null; then
    pin=(taskset -c "$(taskset -cp $$ | sed 's/.*[^0-9]//')")
  fi
  # shellcheck disable=SC2016  # it expands them itself
  "${pin[@]}" bash -c 'while kill -0 "$0" 2>/dev/null; do for ((i = 0; i < 100000; i++)); do :; done; done' $$ 9>&- &
  burner=$!
}

# Prints the numbers of measured and of fresh blocks in a run.json, a key per line.
blocks() {
  awk -F'[:,]' '
    $1 ~ /"block"$/ { block = $2 }
    $1 ~ /"purpose"$/ && $2 ~ /"measure"/ { measured += !((block, "m") in seen); seen[block, "m"] }
    $1 ~ /"purpose"$/ && $2 ~ /"confirm"/ { fresh += !((block, "c") in seen); seen[block, "c"] }
    END { print measured + 0, fresh + 0 }' "$1"
}

# run SEED: one session; leaves its exit code in $code, the verdict's line in $verdict and what it took in the others.
run() {
  local start=$SECONDS report
  "$tagperf" run "$scenario" --seed "$1" --out "$work/$1" --quiet "${@:2}" >"$work/said" 2>"$work/errors" 9>&- &
  session=$! code=0
  wait "$session" || code=$?
  session=''
  seconds=$((SECONDS - start))
  if [[ $code -eq 2 || $code -gt 5 ]]; then
    cat "$work/said" "$work/errors" >&2
    fail "the session with seed $1 did not run (exit code $code)"
  fi
  # The outcome in capitals, and the first reason in the line below.
  verdict=$(sed -n '1s/  .*/:/p; 2s/^ *//p' "$work/said" | paste -sd ' ')
  measured=0 fresh=0
  report=$(find "$work/$1" -name run.json | head -n 1)
  [[ -z $report ]] || read -r measured fresh < <(blocks "$report")
}

say() { tee -a "$log" <<<"$*"; }

summary() {
  awk -v count="$count" '
    { codes[$1]++; blocks[NR] = $2; total += $3 }
    END {
      for (i = 2; i <= NR; i++)
        for (j = i; j > 1 && blocks[j] < blocks[j - 1]; j--) { b = blocks[j]; blocks[j] = blocks[j - 1]; blocks[j - 1] = b }
      for (code = 0; code <= 5; code++)
        if (code in codes) text = text sprintf("%sexit %d: %d", text == "" ? "" : ", ", code, codes[code])
      median = (blocks[int((NR + 1) / 2)] + blocks[int(NR / 2) + 1]) / 2
      printf "%d of %d sessions: %s; median %g blocks; %.0f s\n", NR, count, text, median, total
    }' "$work/sessions"
}

say "# $(date -u +%FT%TZ) $("$tagperf" --version), $scenario${*:+ $*}${load:+, one core busy}, ${EXPECT:+exit code $EXPECT expected, }load average $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)"
[[ -z $load ]] || start_load
unexpected=0
for ((seed = 1; seed <= count; seed++)); do
  run "$seed" "$@"
  mark=''
  if [[ -n ${EXPECT:-} && $expected != *,$code,* ]]; then
    mark='  UNEXPECTED'
    unexpected=$((unexpected + 1))
    if [[ -n $keep ]]; then
      mkdir -p "$keep"
      cp -r "$work/$seed" "$keep/$(basename "$scenario" .toml)-$(date -u +%Y%m%dT%H%M%SZ)-seed-$seed"
    fi
  fi
  rm -rf "${work:?}/$seed"
  echo "$code $((measured + fresh)) $seconds" >>"$work/sessions"
  say "$(printf 'seed %3d  exit %d  %3d blocks  %2d fresh  %4d s  %s%s' "$seed" "$code" "$measured" "$fresh" "$seconds" "$verdict" "$mark")"
done
say "$(summary)"
[[ $unexpected -eq 0 ]]
