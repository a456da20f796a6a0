#!/usr/bin/env bash
# Makes the README's pictures from a real run of the demonstration.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

TAGPERF_BROWSER=$(scripts/setup.sh)
export TAGPERF_BROWSER
cargo build --release --locked
tagperf=${CARGO_TARGET_DIR:-target}/release/tagperf

"$tagperf" run scenarios/heatmap.toml --seed 1 && exit 1 || [[ $? -eq 1 ]]
run=$(find tagperf-out/heatmap -mindepth 1 -maxdepth 1 -type d | sort | tail -1)
{
  echo '$ tagperf run scenarios/heatmap.toml'
  CLICOLOR_FORCE=1 "$tagperf" report "$run" || [[ $? -eq 1 ]]
} | cargo run --locked --quiet --example picture >docs/images/terminal.svg
cp "$run/cost.png" docs/images/cost.png
