#!/usr/bin/env bash
# docs/reference/command-line.md is what the program's --help says. BOURSE_ACCEPT=1 writes it.
set -euo pipefail
out=$BOURSE_BUILD/command-line.md page=$BOURSE_SOURCE/docs/reference/command-line.md
# The database in the environment is no part of the text.
help() { env -u BOURSE_DB bourse "$@" --help | sed 's/[[:space:]]*$//'; }
subcommands() { help "$@" | sed -n '/^Subcommands:/,$p' | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | sort; }
{
    cat <<'TEXT'
# The command line

One program, `bourse` (in a checkout `build/bin/bourse`). `--help` works on every word. Exit status: 0 well, 1 failed, 2 wrong usage;
`bourse watch` ends with 130 after Ctrl-C. The database is `--db CONNINFO`, else `BOURSE_DB`, else libpq's own variables (`PGHOST` …). `--json` turns what
prints tables into JSON. Generated from `--help`; do not edit.
TEXT
    printf '\n```\n%s\n```\n' "$(help)"
    subcommands | while read -r word; do
        printf '\n## bourse %s\n\n```\n%s\n```\n' "$word" "$(help "$word")"
        subcommands "$word" | while read -r inner; do printf '\n```\n%s\n```\n' "$(help "$word" "$inner")"; done
    done
} >"$out"
if [ -n "${BOURSE_ACCEPT:-}" ]; then cp "$out" "$page"; fi
diff -u "$page" "$out"
