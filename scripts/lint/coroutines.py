#!/usr/bin/env python3
"""Coroutine forms that g++ 12.2 miscompiles without a warning, or does not compile.

A  co_await in the condition of if, while, do or switch: after the first suspension the body may start again
B  a braced aggregate in the same expression: its owning members are destroyed twice
C  a braced initializer list that contains co_await: does not compile

The form that is always right: `const auto reply = co_await read_reply(request);`
"""

import re

from source_text import CPP, code_only, files, line_of, read, run

_CONDITION = re.compile(r"\b(if|while|switch)\s*(?:constexpr\s*)?\(")
_AWAIT = re.compile(r"(?<!operator )\bco_await\b")
# What may stand before the brace of a block; anything else opens an initializer list.
_BEFORE_BLOCK = re.compile(r"(\)|\b(else|do|try|const|noexcept|mutable|override|final)|[:;{}]|->\s*[\w:<>,\s*&]+)\s*$")


def closing(code, start):
    """Position after the bracket that closes the one at start."""
    depth = 0
    for position in range(start, len(code)):
        if code[position] in "([{":
            depth += 1
        elif code[position] in ")]}":
            depth -= 1
            if depth == 0:
                return position + 1
    return len(code)


def rest_of_expression(code, start):
    """From start to the `;`, or to the bracket that ends the enclosing expression."""
    depth = 0
    for position in range(start, len(code)):
        character = code[position]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth < 0:
                return code[start:position]
        elif character == ";" and depth == 0:
            return code[start:position]
    return code[start:]


def in_initializer_list(code, position):
    """Is the innermost open brace before position, within the statement, an initializer list's?"""
    depth = 0
    for at in range(position - 1, -1, -1):
        character = code[at]
        if character in ")]}":
            depth += 1
        elif character in "([{" and depth > 0:
            depth -= 1
        elif character == "{":
            return not _BEFORE_BLOCK.search(code[max(0, at - 200):at])
        elif character == ";" and depth == 0:
            return False
    return False


def faults_of(text):
    code = code_only(text)
    if "co_await" not in code:
        return
    for match in _CONDITION.finditer(code):
        condition = code[match.end() - 1:closing(code, match.end() - 1)]
        if _AWAIT.search(condition):
            yield line_of(code, match.start()), f"co_await in the condition of {match.group(1)}: name the answer first"
    for match in _AWAIT.finditer(code):
        if "{" in rest_of_expression(code, match.end()):
            yield line_of(code, match.start()), "braces in an expression with co_await: name the argument first"
        elif in_initializer_list(code, match.start()):
            yield line_of(code, match.start()), "co_await inside a braced initializer list: name the answer first"


def check(root):
    for path in files(root, CPP):
        for line, sentence in faults_of(read(root, path)):
            yield path, line, f"{sentence} (g++ 12.2 miscompiles this)"


if __name__ == "__main__":
    run(check)
