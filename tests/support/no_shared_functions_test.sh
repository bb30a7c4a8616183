#!/usr/bin/env bash
# no_shared_functions_test.sh OBJECT…: objects compiled for a special processor define no function that other objects may
# have too: the linker would keep one of them, perhaps this one, for every processor.
set -euo pipefail
for object in "$@"; do
    [ -s "$object" ] || { echo "$object is not there"; exit 1; }
    own=$(nm -C --defined-only "$object" | grep -c ' [tT] ')
    [ "$own" -gt 10 ] || { echo "$object has hardly any function"; exit 1; }
    if nm -C --defined-only "$object" | grep -E ' [WVu] ' | grep -v ' DW\.ref\.'; then echo "^ in $object: shared with other objects"; exit 1; fi
done
