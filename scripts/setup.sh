#!/usr/bin/env bash
# Installs what a build and a measurement need and this machine lacks: a C compiler, and a Chromium. Does nothing on
# a machine that has both. Works as root, and as a user with sudo. Prints the path of the browser.
set -euo pipefail

say() { echo "setup: $*" >&2; }

fail() {
  say "$1"
  shift
  for line in "$@"; do echo "         $line" >&2; done
  exit 2
}

works() {
  local text
  [[ -f $1 && -x $1 ]] && text=$("$1" --version 2>/dev/null </dev/null) && [[ ${text,,} == *chrom* ]]
}

# A snap may not use the temporary profiles of a measurement. Ubuntu puts a script in its place.
is_snap() {
  [[ $(readlink -f "$1") == */snap* ]] || { [[ $(head -c 2 "$1") == "#!" ]] && grep -q /snap/ "$1"; }
} 2>/dev/null

# The places in which tagperf itself looks.
browser() {
  if [[ -n ${TAGPERF_BROWSER:-} ]]; then
    works "$TAGPERF_BROWSER" || fail "TAGPERF_BROWSER is $TAGPERF_BROWSER, which is no Chromium that runs"
    echo "$TAGPERF_BROWSER"
    return
  fi
  local name folder path
  for name in chrome-headless-shell chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome; do
    for folder in /usr/lib/chromium /usr/lib64/chromium-browser /usr/lib/chromium-browser ${PATH//:/ }; do
      path=$folder/$name
      if [[ -x $path ]] && ! is_snap "$path" && works "$path"; then
        echo "$path"
        return
      fi
    done
  done
  return 1
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root, and there is no sudo; run as root:" "$*"
  fi
}

updated=''
install() {
  command -v apt-get >/dev/null || fail "please install: $*"
  say "installing $*"
  if [[ -z $updated ]]; then
    as_root apt-get update -qq
    updated=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >/dev/null </dev/null
}

# A package that is there to be installed. Ubuntu's stands for a snap.
offered() {
  local version
  version=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [[ -n $version && $version != "(none)" && $version != *snap* ]]
}

no_browser() {
  fail "no Chromium is installed, and this system offers none that can measure${1:+ ($1)}. Either" \
    "- install Google Chrome (https://www.google.com/chrome), or" \
    "- unpack chrome-headless-shell (https://googlechromelabs.github.io/chrome-for-testing)" \
    "  and name it: export TAGPERF_BROWSER=/path/to/chrome-headless-shell" \
    "then run this again."
}

command -v cargo >/dev/null || fail "cargo is missing; install Rust first: https://rustup.rs"
command -v cc >/dev/null || install gcc libc6-dev

if ! found=$(browser); then
  [[ -z ${TAGPERF_BROWSER:-} ]] || exit 2
  command -v apt-get >/dev/null || no_browser
  [[ $EUID -eq 0 ]] || say "root is needed for apt-get"
  as_root apt-get update -qq
  updated=yes
  if offered chromium-headless-shell; then
    install chromium-headless-shell fonts-liberation
  elif offered chromium; then
    install chromium chromium-sandbox fonts-liberation
  else
    no_browser "Ubuntu ships Chromium as a snap only"
  fi
  found=$(browser) || no_browser
fi
echo "$found"
