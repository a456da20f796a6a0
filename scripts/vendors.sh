#!/usr/bin/env bash
# Installs real vendor bundles and a real site into vendor-packages/, for scenarios/vendors.toml, and lays them out
# as the hosts that serve them in the wild. Nothing of it is committed. Needs node and npm.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$(dirname "$here")/vendor-packages
stamp=$target/.installed

for tool in node npm; do
  command -v "$tool" >/dev/null || {
    echo "vendors.sh: $tool is missing; install it with: apt-get install nodejs npm" >&2
    exit 2
  }
done

if [[ -f $stamp ]] && cat "$here/vendors/package-lock.json" "$here/vendors.sh" | cmp -s - "$stamp"; then
  echo "vendor packages: installed in $target"
  exit 0
fi

mkdir -p "$target"
cp "$here/vendors/package.json" "$here/vendors/package-lock.json" "$target/"
(cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)

# play HOST/PATH FILE…: the files of a package, served under the path at which the vendor serves them. A path that
# ends in a slash takes the files with their own names.
play() {
  local to=$target/hosts/$1
  shift
  mkdir -p "${to%/*}"
  cp -R "$@" "$to"
}

rm -rf "$target/hosts"
cd "$target/node_modules"
play www.agency.example/ startbootstrap-agency/dist/.
play use.fontawesome.com/releases/v6.3.0/js/all.js @fortawesome/fontawesome-free/js/all.js
play cdn.jsdelivr.net/npm/bootstrap@5.2.3/dist/js/bootstrap.bundle.min.js bootstrap/dist/js/bootstrap.bundle.min.js
play cdn.jsdelivr.net/npm/rrweb@2.2.2/umd/rrweb.min.js rrweb/umd/rrweb.min.js
play cdn.jsdelivr.net/npm/@segment/analytics-next@1.84.3/dist/umd/ @segment/analytics-next/dist/umd/*.js
play cdn.jsdelivr.net/npm/@snowplow/browser-tracker@4.10.1/dist/index.umd.min.js @snowplow/browser-tracker/dist/index.umd.min.js
play cdn.amplitude.com/libs/analytics-browser-2-min.js @amplitude/analytics-browser/lib/scripts/amplitude-min.js
play cdn.jsdelivr.net/gh/orestbida/cookieconsent@3.1.0/dist/ vanilla-cookieconsent/dist/cookieconsent.umd.js vanilla-cookieconsent/dist/cookieconsent.css
play cdn.jsdelivr.net/npm/tarteaucitronjs@1.34.0/ tarteaucitronjs/tarteaucitron.min.js tarteaucitronjs/tarteaucitron.services.min.js tarteaucitronjs/css tarteaucitronjs/lang
play cdn.jsdelivr.net/npm/countly-sdk-web@26.1.1/lib/countly.min.js countly-sdk-web/lib/countly.min.js
play cdn.kiprotect.com/klaro/v0.7/klaro.js klaro/dist/klaro.js
play d2wy8f7a9ursnm.cloudfront.net/v9/bugsnag.min.js @bugsnag/browser/dist/bugsnag.min.js
play js.monitor.azure.com/scripts/b/ai.3.gbl.min.js @microsoft/applicationinsights-web/browser/es5/ai.3.gbl.min.js
play unpkg.com/@elastic/apm-rum@5.17.5/dist/bundles/elastic-apm-rum.umd.min.js @elastic/apm-rum/dist/bundles/elastic-apm-rum.umd.min.js
play scripts.clarity.ms/0.8.70/clarity.js clarity-js/build/clarity.min.js
play www.datadoghq-browser-agent.com/us1/v7/datadog-rum.js @datadog/browser-rum/bundle/datadog-rum.js
play www.datadoghq-browser-agent.com/us1/v7/ @datadog/browser-rum/bundle/chunks
play cdn.mxpnl.com/libs/mixpanel-2-latest.min.js mixpanel-browser/dist/mixpanel.min.js
play cdn.mxpnl.com/libs/mixpanel-recorder.min.js mixpanel-browser/dist/mixpanel-recorder.min.js
play us-assets.i.posthog.com/static/ posthog-js/dist/*.js

cat "$here/vendors/package-lock.json" "$here/vendors.sh" >"$stamp"
echo "vendor packages: installed in $target"
