"""What the lints share: the files of the tree, C++ without comments and strings, and how a finding is printed."""

import pathlib
import re
import subprocess
import sys

CPP = (".cpp", ".hpp")

_NOISE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)
_DIGIT_SEPARATOR = re.compile(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])")


def files(root, suffixes=None):
    """Paths below root, relative and sorted: what git tracks or would add, or everything where there is no git."""
    root = pathlib.Path(root)
    try:
        listed = subprocess.run(
            ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(p.relative_to(root)) for p in root.rglob("*")]
    return sorted(p for p in listed if (root / p).is_file() and (suffixes is None or p.endswith(suffixes)))


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8", errors="replace")


def code_only(text, keep_strings=False):
    """The text with comments (and strings) blanked. Lines and columns stay where they were."""
    def blank(match):
        found = match.group(0)
        if keep_strings and not found.startswith(("//", "/*")):
            return found
        return re.sub(r"[^\n]", " ", found)

    return _NOISE.sub(blank, _DIGIT_SEPARATOR.sub("_", text))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def run(check):
    """main of a lint: `check(root)` yields (path, line, sentence). Exit code 1 if there is any."""
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    findings = list(check(root))
    for path, line, sentence in findings:
        print(f"{path}:{line}: {sentence}")
    if findings:
        print(f"{len(findings)} findings")
    sys.exit(1 if findings else 0)
