SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: demo test lint vendors setup help

demo: ## Replay the heat-map outage (red, culprit named) and its repair (green)
	@scripts/demo.sh

# Doc tests first, so that the last line is that of the last suite.
test: ## Run all tests, those with a real Chromium too
	@browser=$$(scripts/setup.sh); export TAGPERF_BROWSER=$$browser; set -x; \
	cargo test --locked --doc; \
	cargo test --locked --lib --bins --tests

lint: setup ## Format, clippy, docs, and licences where cargo-deny is installed
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
	@if command -v cargo-deny >/dev/null; then cargo deny --locked check bans licenses sources; \
	else echo "cargo-deny is not installed: licences were not checked"; fi

vendors: ## Measure fifteen real vendor bundles on a real page (needs node and npm)
	@scripts/vendors.sh
	@browser=$$(scripts/setup.sh); export TAGPERF_BROWSER=$$browser; \
	cargo run --release --locked --quiet -- run scenarios/vendors.toml

setup: ## Install what is missing: a C compiler, Chromium
	@scripts/setup.sh >/dev/null

help: ## Show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
	while IFS=$$'\t' read -r target what; do printf '  make %-9s%s\n' "$$target" "$$what"; done
