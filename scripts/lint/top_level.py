#!/usr/bin/env python3
"""The top of the tree holds what docs/architecture.md names and dot files of tools, nothing else."""

from source_text import files, run

ALLOWED = {"CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "cmake", "sdk", "core", "plugins", "apps",
           "config", "tests", "docs", "scripts"}
REQUIRED = {"CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", ".ci"}


def check(root):
    entries = {path.split("/")[0] for path in files(root)}
    for entry in sorted(entries - ALLOWED):
        if not entry.startswith("."):
            yield entry, 1, f"not one of the top-level entries; wanted one of: {', '.join(sorted(ALLOWED))}"
    for entry in sorted(REQUIRED - entries):
        yield entry, 1, "is missing"


if __name__ == "__main__":
    run(check)
