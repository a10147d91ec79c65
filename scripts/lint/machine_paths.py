#!/usr/bin/env python3
"""Nothing in the tree names a folder of one machine or a host that packages come from: a stranger's clone must build."""

import pathlib
import re

from source_text import files, line_of, read, run

_PATHS = re.compile(r"(?<![\w.$}~/*-])/(?:work|home/\w+|root|Users/\w+|mnt/\w+)/[\w.]")
_HOSTS = re.compile(r"https?://[\w.-]*(?:deb\.debian|debian\.org/debian|registry\.npmjs|pypi\.|proxy\.golang|artifactory|nexus|jfrog)",
                    re.IGNORECASE)
_SOURCES = ["/etc/apt/sources.list", "/etc/apt/sources.list.d"]


def hosts_of_this_machine():
    """Where this machine gets its packages: such names creep in by copying a log."""
    found = set()
    for source in map(pathlib.Path, _SOURCES):
        for file in source.iterdir() if source.is_dir() else [source]:
            try:
                found.update(re.findall(r"https?://([^/\s:]+)", file.read_text(errors="replace")))
            except OSError:
                continue
    return {host for host in found if "." in host}


def check(root):
    local = hosts_of_this_machine()
    for path in files(root):
        if path.startswith(("scripts/lint/", "tests/lint/")) or "/corpus/" in path or path.endswith((".png", ".ttf")):
            continue
        text = read(root, path)
        for match in _PATHS.finditer(text):
            yield path, line_of(text, match.start()), f"names a folder of one machine: {match.group(0)}..."
        for match in _HOSTS.finditer(text):
            yield path, line_of(text, match.start()), f"names a package host: {match.group(0)}"
        for host in local:
            if host in text:
                yield path, line_of(text, text.index(host)), f"names a package host: {host}"


if __name__ == "__main__":
    run(check)
