#!/usr/bin/env python3
"""The order of the house: who may include whom.

sdk        nobody of the tree, and no library that every plugin would then need (the test kits may use some inside)
plugins    the SDK and their own folder
core       the SDK, and the folders that ALLOWED names, by their public headers; no plugin, by include or by id
apps       the SDK and core by its public headers
A public header lies directly in its folder (core/tags/tag_table.hpp); what lies deeper is the folder's own.
"""

import re

from source_text import CPP, code_only, files, line_of, read, run

ORDER = ["base", "guests", "wire", "journal", "tags", "expressions", "alarms", "engine", "history", "reports", "site",
         "sessions", "server"]
ALLOWED = {folder: set(ORDER[:place]) for place, folder in enumerate(ORDER)}
ALLOWED["tags"].discard("journal")  # two neighbours: neither knows the other
ALLOWED["client"] = {"base", "guests", "wire"}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


def plugin_ids(paths):
    """driver.modbus ... as the folders below plugins/ have them."""
    kinds = {"drivers": "driver", "historians": "historian", "alarm_policies": "alarm_policy", "auth": "authenticator",
             "transports": "transport", "gateways": "gateway", "widgets": "widget", "reports": "report"}
    folders = {tuple(path.split("/")[1:3]) for path in paths if path.startswith("plugins/") and path.count("/") >= 3}
    return {f"{kinds.get(group, group)}.{name}" for group, name in folders}


def core_fault(folder, target):
    parts = target.split("/")
    other = parts[1]
    if folder not in ALLOWED:
        return f"core/{folder} has no place in the order: add it to core/CMakeLists.txt and to this lint"
    if other == folder:
        return None
    if other not in ALLOWED[folder]:
        return f"core/{folder} may not use core/{other}; it may use: {', '.join(sorted(ALLOWED[folder])) or 'the SDK alone'}"
    if len(parts) > 3:
        return f"{target} is core/{other}'s own; include a header that lies directly in core/{other}"
    return None


def include_fault(path, target):
    """Why the file may not include the header, or None."""
    here, there = path.split("/"), target.split("/")
    if there[0] not in ("sdk", "core", "plugins", "apps", "tests") or here[0] == "tests":
        return None
    if here[0] == "core" and there[0] == "core":
        return core_fault(here[1], target)
    if here[0] == "apps" and (there[0] == "core" and len(there) > 3):
        return f"{target} is core/{there[1]}'s own; include a header that lies directly in core/{there[1]}"
    if here[0] == "apps" and (there[0] == "core" or there[:2] == here[:2]):
        return None
    if here[0] == "plugins" and there[:3] == here[:3]:
        return None
    return f"{here[0]} may not include {target}"


def check(root):
    paths = files(root)
    ids = plugin_ids(paths)
    for path in (p for p in paths if p.endswith(CPP)):
        text = read(root, path)
        code = code_only(text, keep_strings=True)
        for match in _INCLUDE.finditer(code):
            fault = include_fault(path, match.group(1))
            if fault:
                yield path, line_of(code, match.start()), fault
            if path.startswith("sdk/") and not path.startswith("sdk/testing/src/") and match.group(1).startswith(("boost/", "nlohmann/")):
                yield path, line_of(code, match.start()), f"the SDK needs no {match.group(1)}: plugins would need it too"
        if path.startswith("core/"):
            for match in re.finditer(r'"([^"\n]+)"', code):
                if match.group(1) in ids:
                    yield path, line_of(code, match.start()), f"core names the plugin {match.group(1)}"


if __name__ == "__main__":
    run(check)
