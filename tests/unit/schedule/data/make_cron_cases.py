#!/usr/bin/env python3
"""Writes cron_cases.csv: the first slots of random cron expressions, by croniter (local times) and zoneinfo (instants).

    pip install croniter==7.0.0 && python3 make_cron_cases.py > cron_cases.csv

Nothing of Bourse takes part. Rules restated here: croniter's implement_cron_bug is Vixie's rule of a leading star in the
day fields; a local time that the clock jumps over is due at the jump; one that comes twice is due the first time, and
both times where the hour field starts with a star.
Columns: spec, zone, start (UTC), then eight slots after it (UTC).
"""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from croniter import croniter

ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai", "Asia/Kolkata",
         "America/Sao_Paulo", "Africa/Casablanca"]
# Local days on which the clock of a zone moves.
CHANGES = {"America/New_York": ["2024-03-10", "2024-11-03", "2025-03-09", "2026-11-01"],
           "Europe/Berlin": ["2024-03-31", "2024-10-27", "2025-03-30", "2026-10-25"],
           "Australia/Lord_Howe": ["2024-04-07", "2024-10-06", "2025-04-06", "2026-10-04"],
           "America/Sao_Paulo": ["2017-10-15", "2018-02-18", "2018-11-04", "2019-02-17"],
           "Africa/Casablanca": ["2024-03-10", "2024-04-14", "2025-02-23", "2025-04-06"]}
SLOTS = 8
random.seed(20261121)


def utc_offset(instant, zone):
    return instant.astimezone(zone).utcoffset()


def instants(local, zone, every_hour):
    found = []
    for fold in (0, 1):
        instant = local.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc)
        if instant.astimezone(zone).replace(tzinfo=None) == local and instant not in found:
            found.append(instant)
    if found:
        return sorted(found) if every_hour else [min(found)]
    low = local.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)  # before the jump
    high = local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    before = utc_offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds() // 2))
        low, high = (middle, high) if utc_offset(middle, zone) == before else (low, middle)
    return [high]


def slots(spec, zone_name, start):
    zone = ZoneInfo(zone_name)
    every_hour = spec.split()[1].startswith("*")
    local = start.astimezone(zone).replace(tzinfo=None) - timedelta(days=1, minutes=1)
    times = croniter(spec, local, implement_cron_bug=True, max_years_between_matches=50)
    found = set()
    while True:
        local = times.get_next(datetime)
        found.update(i for i in instants(local, zone, every_hour) if i > start)
        if len(found) >= SLOTS:
            last = sorted(found)[SLOTS - 1]
            if local - last.astimezone(zone).replace(tzinfo=None) > timedelta(hours=26):
                return sorted(found)[:SLOTS]


def number_field(low, high, words=None):
    def one():
        n = random.randint(low, high)
        return random.choice([words[n - low], words[n - low].upper()]) if words and random.random() < 0.4 else str(n)

    def item():
        kind = random.random()
        if kind < 0.5:
            return one()
        a, b = sorted(random.sample(range(low, high + 1), 2))
        if kind < 0.7:
            return f"{a}-{b}"
        if kind < 0.85:
            return f"{a}-{b}/{random.randint(1, max(1, (b - a)))}"
        return f"*/{random.randint(2, max(2, (high - low) // 2))}"

    if random.random() < 0.45:
        return "*"
    return ",".join(item() for _ in range(random.choice([1, 1, 1, 2, 3])))


MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()


def random_spec():
    return " ".join([number_field(0, 59), number_field(0, 23), number_field(1, 28), number_field(1, 12, MONTHS),
                     number_field(0, 6, DAYS)])


def night_spec():
    """Around the hours at which clocks move."""
    minute = random.choice(["*", "*/15", "0", "30", "10,40", "5-55/10", str(random.randint(0, 59))])
    hour = random.choice(["*", "*/2", "0-4", "1", "2", "3", "1,2", "0", "23", "*/3"])
    day = random.choice(["* * *", "* * *", "* * sun", "* * 0", "1-15 * sat,sun", "*/2 * *"])
    return f"{minute} {hour} {day}"


def show(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


cases = []
for i in range(160):
    start = datetime(2015, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=random.randint(0, 12 * 365 * 1440))
    cases.append((random_spec(), ZONES[i % len(ZONES)], start))
for zone, days in CHANGES.items():
    for day in days:
        for _ in range(9):
            midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
            cases.append((night_spec(), zone, midnight + timedelta(minutes=random.randint(-120, 300))))
for spec, zone, start in [("0 0 29 2 *", "UTC", "2021-01-01T00:00:00Z"), ("0 0 29 2 1", "UTC", "2021-01-01T00:00:00Z"),
                          ("30 2 * * *", "America/New_York", "2024-03-09T00:00:00Z"),
                          ("30 1 * * *", "America/New_York", "2024-11-02T00:00:00Z"),
                          ("15 2 * * *", "Australia/Lord_Howe", "2024-10-04T00:00:00Z"),
                          ("45 1 * * *", "Australia/Lord_Howe", "2024-04-05T00:00:00Z"),
                          ("0 0 31 * *", "Asia/Shanghai", "2024-01-01T00:00:00Z"),
                          ("0 12 13 * 5", "Europe/Berlin", "2024-01-01T00:00:00Z"),
                          ("0 12 */5 * mon", "Europe/Berlin", "2024-01-01T00:00:00Z"),
                          ("0 0 1 1 *", "Asia/Kolkata", "2015-06-01T00:00:00Z")]:
    cases.append((spec, zone, datetime.fromisoformat(start.replace("Z", "+00:00"))))

print("spec;zone;start;slots")
for spec, zone, start in cases:
    print(f"{spec};{zone};{show(start)};{' '.join(show(s) for s in slots(spec, zone, start))}")
