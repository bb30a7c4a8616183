#!/usr/bin/env bash
# Every link between pages of the repository leads somewhere.
set -euo pipefail
cd "$BOURSE_SOURCE"
bad=0 seen=0
while IFS=: read -r page link; do
    link=${link#](} link=${link%%#*}
    case $link in '' | http://* | https://* | mailto:*) continue ;; esac
    seen=$((seen + 1))
    [ -e "$(dirname "$page")/$link" ] || { echo "$page: $link is not there"; bad=1; }
done < <(find . \( -name 'build*' -o -name .git \) -prune -o -name '*.md' -print0 | xargs -0 grep -oH ']([^) ]*')
[ $seen -ge 10 ] || { echo "only $seen links were found"; bad=1; }
exit $bad
