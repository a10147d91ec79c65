#!/usr/bin/env python3
"""Who may read a clock.

The wall clock may be set at any time: only core/base/clock reads it, and whoever needs the time is handed a Now. So no timer, time-out
or order can depend on it. The monotonic clock may be read where real threads wait or something is measured, and each such place is
listed here with its reason; everything else is driven by the Now it is handed, and a test plays a day in a second.
"""

import re

from source_text import CPP, code_only, files, line_of, read, run

HOME = "core/base/clock"
MONOTONIC = {
    "core/base/watch": "bounds how long a thread looks before it falls asleep",
    "core/journal/lane_thread": "sleeps until a group is full; nothing that is stored depends on it",
    "core/journal/lane_commit": "measures how long a sync took",
    "core/history/consuming/runner": "bounds how long a stop may take",
    "core/history/historian_consumer": "measures how long a historian took",
    "core/history/backup/writing": "rests for as long as the disk took",
    "core/history/event_index": "paces its own thread",
}

_WALL = re.compile(r"\b(system_clock\s*::\s*now|high_resolution_clock|CLOCK_REALTIME\w*|CLOCK_TAI|gettimeofday|timespec_get|ftime)\b"
                   r"|(?<![\w.>:])(?:std\s*::\s*|::\s*)?time\s*\(\s*(?:nullptr|NULL|0|&\s*\w+)\s*\)")
_MONOTONIC = re.compile(r"\b(steady_clock|CLOCK_MONOTONIC\w*|CLOCK_BOOTTIME)\b")


def check(root):
    for path in files(root, CPP):
        if not path.startswith(("apps/", "core/", "plugins/", "sdk/")) or path.startswith(HOME):
            continue
        code = code_only(read(root, path))
        for match in _WALL.finditer(code):
            yield path, line_of(code, match.start()), f"reads the wall clock; only {HOME} does: take a Now or a base::Clock"
        if path.startswith("core/") and path.rsplit(".", 1)[0] not in MONOTONIC:
            for match in _MONOTONIC.finditer(code):
                yield path, line_of(code, match.start()), "reads the monotonic clock: take a Now, or list the file with its reason in scripts/lint/clocks.py"


if __name__ == "__main__":
    run(check)
