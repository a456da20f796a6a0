#!/usr/bin/env bash
# The outage and its repair: the first run must fail and name the culprit, the second must pass.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bold='' red='' green='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi
title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
good() { printf '%s✓ %s%s\n' "$green" "$*" "$plain"; }
bad() {
  printf '%s✗ %s%s\n' "$red" "$*" "$plain"
  wrong=yes
}

wrong=''
reports=()
begun=$(mktemp)
trap 'rm -f "$begun"' EXIT

# run SCENARIO: measures it, and leaves the exit code in $code and the run's folder in $folder.
run() {
  touch "$begun"
  code=0
  cargo run --release --locked --quiet -- run "scenarios/$1.toml" || code=$?
  folder=$(find "tagperf-out/$1" -mindepth 1 -maxdepth 1 -type d -newer "$begun" 2>/dev/null | sort | tail -1)
  [[ -z $folder ]] || reports+=("$folder")
  if [[ $code -eq 3 ]]; then
    echo "  3 means inconclusive: this machine was too busy to decide. Close what is running, and try again."
  fi
}

# The report of the last run names onScroll in heatmap.js as a culprit.
culprit_named() {
  tr -d ' \n' <"$folder/run.json" | grep -Eq '"culprit":\{"url":"[^"]*/heatmap\.js","function":"onScroll"'
}

TAGPERF_BROWSER=$(scripts/setup.sh)
export TAGPERF_BROWSER

title "Building tagperf"
cargo build --release --locked

title "1 of 2: the heat-map tag that took the shop down"
run heatmap
if [[ $code -eq 1 ]]; then
  good "exit code 1. This is what stops the publish: a CI job that runs this line turns red."
else
  bad "exit code $code, where 1 was due"
fi
if [[ -n $folder ]] && culprit_named; then
  good "the culprit is named: onScroll in heatmap.js"
else
  bad "onScroll in heatmap.js was not named as the culprit"
fi

title "2 of 2: the vendor's repaired version, behind the same gate"
run heatmap-repaired
if [[ $code -eq 0 ]]; then
  good "exit code 0: it may be published"
else
  bad "exit code $code, where 0 was due"
fi

title "Reports"
printf '%s\n' "${reports[@]}"
[[ -z $wrong ]]
