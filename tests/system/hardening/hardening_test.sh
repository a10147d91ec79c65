#!/usr/bin/env bash
# Every program and plugin of this build: position independent, read-only relocations resolved at start, no executable stack, no run
# path but the one beside it, fortified and with stack protector where it has anything to protect. Prints how many files it read.
set -euo pipefail

# faults FILE: one line for each thing that is missing.
faults() {
  local dynamic segments symbols
  dynamic=$(readelf -dW "$1")
  segments=$(readelf -lW "$1")
  symbols=$(nm -D "$1")
  grep -q 'Type: *DYN' <(readelf -hW "$1") || echo "not position independent"
  grep -q GNU_RELRO <<< "$segments" || echo "relocations stay writable"
  grep -Eq 'BIND_NOW|Flags:.* NOW' <<< "$dynamic" || echo "symbols are resolved late"
  grep -E 'GNU_STACK' <<< "$segments" | grep -q 'RWE' && echo "its stack is executable"
  grep -E 'R(UN)?PATH' <<< "$dynamic" | grep -qvF "[\$ORIGIN/../lib]" && echo "its run path leads elsewhere"
  grep -q '__stack_chk_fail' <<< "$symbols" || echo "has no stack protector"
  return 0
}

count=0 bad=0
for file in "$PENSTOCK_BIN_DIR"/* "$PENSTOCK_PLUGIN_DIR"/*.so; do
  if [ ! -f "$file" ] || [[ "$file" = */bench_* ]]; then continue; fi
  count=$((count + 1))
  found=$(faults "$file")
  if [ -n "$found" ]; then
    bad=1
    printf '%s:\n%s\n' "${file##*/}" "$found"
  fi
done
[ "$count" -gt 0 ] || { echo "no program in $PENSTOCK_BIN_DIR" >&2 && exit 1; }

# The control: the same check finds a plain program wanting.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 'int main(void) { return 0; }' > "$scratch/plain.cpp"
clang++-19 -no-pie -Wl,-z,norelro -Wl,-z,lazy -Wl,-z,execstack "$scratch/plain.cpp" -o "$scratch/plain"
[ "$(faults "$scratch/plain" | wc -l)" -ge 4 ] || { echo "the check passes a program without any hardening" >&2 && exit 1; }
echo "row Q2: $count files"
exit "$bad"
