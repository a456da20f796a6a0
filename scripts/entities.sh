#!/usr/bin/env bash
# Refreshes the names of third parties in src/attribute/data/ from the npm package third-party-web (MIT).
# For another version: change it here, run the script, and look at the difference. Needs node and npm.
set -euo pipefail

version=0.30.0

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=$(dirname "$here")/src/attribute/data

for tool in node npm tar; do
  command -v "$tool" >/dev/null || {
    echo "entities.sh: $tool is missing; install it with: apt-get install nodejs npm tar" >&2
    exit 2
  }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "third-party-web@$version" >/dev/null && tar xzf third-party-web-*.tgz)

mkdir -p "$data"
cp "$work/package/LICENSE" "$data/third-party-web.LICENSE"
# One entity a line: name, category, domains; between them tabs, and between domains blanks.
node - "$work/package/dist/entities-nostats.json" "$version" >"$data/entities.txt" <<'JS'
const [file, version] = process.argv.slice(2);
const entities = JSON.parse(require("fs").readFileSync(file, "utf8"));
const flat = (text) => text.replace(/\s+/g, " ").trim();
const lines = entities.filter(({ domains }) => domains.length > 0).map(({ name, category, domains }) =>
  [flat(name), flat(category), [...domains].sort().join(" ")].join("\t"));
console.log(`# third-party-web ${version}, https://github.com/patrickhulce/third-party-web, MIT; made by scripts/entities.sh`);
console.log([...new Set(lines)].sort().join("\n"));
JS
echo "entities: $(grep -vc '^#' "$data/entities.txt") of third-party-web $version in $data"
