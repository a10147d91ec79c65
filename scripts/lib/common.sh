# shellcheck shell=bash
# What all scripts share: where the tree is, how they speak, how steps are timed. Source it; it changes into the top of the tree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
die() {
  complain "$(basename "$0"): $*"
  exit 1
}

# How many compilers run at once: one for each core.
jobs_wanted() { nproc; }

step_names=()
step_seconds=()
step_results=()

# step NAME COMMAND...: says what it does, runs it, remembers seconds and outcome. Does not stop at a failure; failed_steps counts.
# The command runs in a shell of its own in which the first failing line ends it; tell the caller by files, not by variables.
step() {
  local name=$1 started result=ok code=0
  shift
  say ""
  say "=== $name"
  started=$SECONDS
  set +e
  (
    set -e
    "$@"
  )
  code=$?
  set -e
  [ "$code" -eq 0 ] || result="FAILED"
  step_names+=("$name")
  step_seconds+=($((SECONDS - started)))
  step_results+=("$result")
  say "--- $name: $result, $((SECONDS - started)) s"
  return 0
}

last_step_failed() { [ "${step_results[-1]}" = "FAILED" ]; }

failed_steps() {
  local count=0 result
  for result in "${step_results[@]}"; do
    [ "$result" = ok ] || count=$((count + 1))
  done
  say "$count"
}

print_steps() {
  local i total=0
  say ""
  say "Seconds by step:"
  for i in "${!step_names[@]}"; do
    printf '  %6d  %-52s %s\n' "${step_seconds[$i]}" "${step_names[$i]}" "${step_results[$i]}"
    total=$((total + step_seconds[i]))
  done
  printf '  %6d  in all\n' "$total"
}

# build PRESET TARGET...: configures if needed, then builds. The progress is one line per target on a terminal, quiet elsewhere.
configure() {
  cmake --preset "$1" ${2:+"${@:2}"} > "build-$1.log" 2>&1 && rm -f "build-$1.log" && return 0
  cat "build-$1.log" >&2
  rm -f "build-$1.log"
  return 1
}
build() {
  local preset=$1
  shift
  configure "$preset"
  if [ -t 1 ]; then
    cmake --build --preset "$preset" -j "$(jobs_wanted)" --target "$@" -- -k 0
  else
    NINJA_STATUS='[%f/%t %es] ' cmake --build --preset "$preset" -j "$(jobs_wanted)" --target "$@" -- -k 0 | thin_out_progress
  fi
}

# Keeps every 25th progress line of ninja and everything else (a compiler's words above all).
thin_out_progress() { awk '/^\[[0-9]+\/[0-9]+ / { last = $0; if (++n % 25 == 1) { print; last = "" } fflush(); next } { print; fflush() } END { if (last) print last }'; }
