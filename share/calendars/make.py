#!/usr/bin/env python3
"""Prints the sessions of an exchange in the form that `bourse calendars load --file` reads.

    pip install exchange_calendars==4.13.2 && python3 make.py XNYS 2015-01-01 2026-12-31 | zstd -19 > XNYS.csv.zst

The names are those of the package exchange_calendars (Apache-2.0). Without an end: as far as the package knows.
"""
import sys

import exchange_calendars

name, start, end = (sys.argv[1:] + [None, None])[:3]
schedule = exchange_calendars.get_calendar(name, start=start, end=end).schedule
print("session,open_at,close_at,break_start_at,break_end_at")
for session, row in schedule.iterrows():
    times = ["" if row[c] != row[c] else row[c].strftime("%Y-%m-%dT%H:%M:%SZ") for c in ("open", "close", "break_start", "break_end")]
    print(",".join([session.strftime("%Y-%m-%d"), *times]))
