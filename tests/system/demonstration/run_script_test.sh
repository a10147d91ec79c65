#!/usr/bin/env bash
# scripts/run.sh in the terminal: values are seen to change, and after it nothing of it runs any more.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_STATE_HOME=$scratch/state XDG_RUNTIME_DIR=$scratch

fail() {
  echo "$1" >&2
  cat "$scratch/out.txt" "$scratch"/state/penstock/demo/*.log >&2
  exit 1
}

"$PENSTOCK_SOURCE_DIR/scripts/run.sh" --terminal --for 8 > "$scratch/out.txt" 2>&1 || fail "run.sh ended with exit code $?"
grep -q 'All stopped.' "$scratch/out.txt" || fail "run.sh did not say that all stopped"
[ "$(grep -c 'clear_tank\.level' "$scratch/out.txt")" -ge 2 ] || fail "clear_tank.level was not seen"
grep -q 'killing it' "$scratch/out.txt" && fail "a program had to be killed"
pgrep -f "$scratch" > /dev/null && fail "something still runs: $(pgrep -af "$scratch")"
echo "ran for 8 s and stopped cleanly"
