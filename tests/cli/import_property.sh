#!/usr/bin/env bash
# See import_property.py.
. "$(dirname "$0")/import_support.sh"
/usr/bin/python3 "$(dirname "$0")/import_property.py" 100
