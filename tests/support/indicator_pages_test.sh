#!/usr/bin/env bash
# indicator_pages_test.sh SOURCE GENERATOR: docs/reference/indicators holds a page for each family and a picture for each
# indicator, byte for byte what the generator makes of the shipped sample, well-formed, and nothing else.
# BOURSE_ACCEPT=1 writes them instead.
set -euo pipefail
source=${1:?source folder} generator=${2:?generator}
pages=$source/docs/reference/indicators
made=$(mktemp -d); trap 'rm -rf "$made"' EXIT
zstd -dcq "$source/share/sample/us_30.csv.zst" | "$generator" "$made"
if [ -n "${BOURSE_ACCEPT:-}" ]; then
    rm -rf "$pages"; mkdir -p "$pages"; cp "$made"/* "$pages"
fi
diff -rq "$made" "$pages"
listed=$(grep -c '^| \[`ta\.' "$source/docs/reference/indicators.md")
pictures=$(find "$pages" -name '*.svg' | wc -l) sections=$(cat "$pages"/*.md | grep -c '^## ta\.')
[ "$listed" = "$pictures" ] && [ "$listed" = "$sections" ] || { echo "$listed indicators, $pictures pictures, $sections sections"; exit 1; }
size=$(cat "$pages"/* | wc -c)
[ "$size" -lt 2000000 ] || { echo "$size bytes of pages are too many for the repository"; exit 1; }
# Every path goes somewhere: no picture lacks its bars, and none has coordinates that are not numbers.
python3 - "$pages" <<'PY'
import pathlib, re, sys, xml.etree.ElementTree as tree
bad = []
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.svg")):
    root = tree.parse(file).getroot()
    box = [float(x) for x in root.get("viewBox").split()]
    paths = [p.get("d") for p in root.iter("{http://www.w3.org/2000/svg}path")]
    if any(not re.fullmatch(r"[MLVHhvlz0-9. -]+", d) for d in paths):
        bad.append(f"{file.name}: a path that is none")
    wicks = [p.get("d") for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("class") == "w"]
    if len(wicks) != 1 or wicks[0].count("M") != 120:
        bad.append(f"{file.name}: not 120 bars")
    for d in paths:
        for x, y in re.findall(r"[ML](-?[0-9.]+) (-?[0-9.]+)", d):
            if not (0 <= float(x) <= box[2] and 0 <= float(y) <= box[3]):
                bad.append(f"{file.name}: a point outside the picture")
                break
sys.exit("\n".join(bad) if bad else 0)
PY
