#!/usr/bin/env python3
"""Every C++ file is as clang-format-19 leaves it. With --fix it is made so."""

import os
import pathlib
import re
import subprocess
import sys

from source_text import CPP, files, run

TOOL = "clang-format-19"
STYLE = pathlib.Path(__file__).resolve().parents[2] / ".clang-format"
_WARNING = re.compile(r"^(?P<path>[^\n:]+):(?P<line>\d+):\d+: error: code should be clang-formatted", re.MULTILINE)


def formatted(root, *options):
    paths = files(root, CPP)
    command = [TOOL, f"--style=file:{STYLE}", *options]
    return subprocess.run([*command, *paths], cwd=root, capture_output=True, text=True) if paths else None


def check(root):
    result = formatted(root, "--dry-run", "-Werror")
    if result is None:
        return
    first_lines = {}
    for match in _WARNING.finditer(result.stderr):
        first_lines.setdefault(match["path"], int(match["line"]))
    for path, line in first_lines.items():
        yield path, line, "is not formatted; run scripts/lint/format.py --fix"
    if result.returncode != 0 and not first_lines:
        yield "scripts/lint/format.py", 1, f"{TOOL}: {result.stderr.strip()}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--fix"]:
        os.chdir(STYLE.parent)
        sys.exit(formatted(".", "-i").returncode)
    run(check)
