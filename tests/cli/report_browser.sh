#!/usr/bin/env bash
# Headless Chromium draws the page of bourse report, light and dark: no message on its console, every picture with a size and marks, no text
# cut off, no scrolling sideways at two widths.
set -euo pipefail
command -v chromium >/dev/null || { echo "chromium is not installed"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$work/run.html
psql -qXAt -v ON_ERROR_STOP=1 -f "$BOURSE_SOURCE/tests/cli/data/report_fixture.sql" >"$work/fixture.log"
bourse report 1 --to "$page" >/dev/null

draw() { # draw NAME OPTION…: a screenshot and what the page said
    local name=$1; shift
    chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$work/profile" --hide-scrollbars --window-size=1240,3000 --enable-logging=stderr --screenshot="$work/$name.png" "$@" "file://$page" \
        >"$work/$name.log" 2>&1 </dev/null || { cat "$work/$name.log"; fail "chromium ended with an error"; }
    grep CONSOLE "$work/$name.log" && fail "the console has messages"
    [ "$(stat -c %s "$work/$name.png")" -gt 50000 ] || fail "the $name picture is blank"
}
draw light
draw dark --blink-settings=preferredColorScheme=0
cmp -s "$work/light.png" "$work/dark.png" && fail "light and dark look the same"
# In a copy that may run a script: every picture has a size, marks of a size, and no text outside.
sed -e 's/<meta http-equiv[^>]*>//' -e 's#</body>#<script>//<![CDATA[\
    const bad = [], charts = document.querySelectorAll("figure.chart svg");\
    for (const svg of charts) {\
      const box = svg.getBoundingClientRect(), id = svg.parentElement.id;\
      const marks = [...svg.querySelectorAll(".line, .bar, .stems")];\
      if (box.width < 200 || box.height < 60) bad.push(id + " has no size");\
      if (!marks.some(m => m.getBoundingClientRect().width + m.getBoundingClientRect().height > 20)) bad.push(id + " has no marks");\
      for (const t of svg.querySelectorAll("text")) { const b = t.getBoundingClientRect();\
        if (b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1) bad.push(id + " cuts " + t.textContent); }\
    }\
    if (document.documentElement.scrollWidth > innerWidth) bad.push("the page scrolls sideways");\
    document.body.dataset.checked = charts.length + " charts; " + bad.join(", ");\
    //]]></script></body>#' "$page" >"$work/probe.html"
for width in 1240 500; do
    found=$(chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$work/profile" --window-size=$width,3000 --dump-dom "file://$work/probe.html" 2>/dev/null </dev/null | grep -o 'data-checked="[^"]*"' || true)
    [ "$found" = 'data-checked="7 charts; "' ] || fail "at $width pixels: $found"
done
