#!/usr/bin/env bash
# Builds and tests everything; what CI runs. See --help.
# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source scripts/lib/packages.sh

usage() {
  cat <<'HELP'
usage: scripts/test.sh [--quick | --nightly [ROW...]] [--help]

Installs what is missing (Debian 12), builds and runs all tests, prints the seconds of each step and, last, "N passed, N failed".
Exit code 0 only if every step and every test passed. With CI=true a skipped test counts as failed.

  (nothing)   lints, all unit tests under address + undefined sanitizers, threaded tests under the thread sanitizer,
              release build, system tests with the release programs, 60 s of fuzzing, every bench once and small
  --quick     for daily work: lints, unit and system tests with the dev preset
  --nightly   all of the above, then clang-tidy over everything, the build with g++ 12 and its unit tests, and the long form of the
              tests of the fault catalogue's rows: all, or the ROWs named (P5 P10 ...); prints a table of rows, results and counts

A test belongs to row P5 if its name contains "P5_" (ModbusFaults.P5_TenThousandFaultyReplies). With PENSTOCK_NIGHTLY=1 in the
environment it runs its long form; it prints one line "row P5: 1000000 faulty replies".
HELP
}

mode=full
rows=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) mode=quick ;;
    --nightly) mode=nightly ;;
    --help | -h) usage && exit 0 ;;
    -*) usage >&2 && die "unknown option $1" ;;
    *) [ "$mode" = nightly ] || die "ROW names need --nightly before them; found \"$1\""
       rows+=("$1") ;;
  esac
  shift
done

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
: > "$results/counted-steps"  # the steps whose failure is already in ctest's counts
export CTEST_OUTPUT_ON_FAILURE=1 ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=second_deadlock_stack=1

# tests PRESET JOBS LABEL: runs ctest and keeps its counts. A label that nobody has is a failure: nothing was tested. Shows what
# failed or was skipped; of the rest, the summary.
tests() {
  local report="$results/$1-$3.xml"
  ctest --preset "$1" -j "$2" -L "^$3\$" --no-tests=error --output-junit "$report" |
    grep -Ev '^ +Start +[0-9]+:| Passed +[0-9.]+ sec$' && return 0
  [ "$(counted_in "$report" failures)" -eq 0 ] || echo "$report" >> "$results/counted-steps"
  return 1
}

# counted_in REPORT ATTRIBUTE: tests, failures, skipped or disabled, from the head of a JUnit file of ctest.
counted_in() {
  { sed '/<testcase/,$d' "$1" 2>/dev/null || true; } | { grep -o "\<$2=\"[0-9]*\"" || echo 0; } | tr -dc '0-9\n' | head -n 1
}

# counted ATTRIBUTE: the same, summed over all ctest runs.
counted() {
  local report sum=0
  for report in "$results"/*.xml; do
    [ -e "$report" ] && sum=$((sum + $(counted_in "$report" "$1")))
  done
  say "$sum"
}

fuzz() {
  local targets=(build/asan/fuzz/fuzz_*) target name seconds found=0
  [ -e "${targets[0]}" ] || { complain "no fuzz target in build/asan/fuzz"; return 1; }
  seconds=$((60 / ${#targets[@]}))
  [ "$seconds" -ge 2 ] || seconds=2
  for target in "${targets[@]}"; do
    [ -x "$target" ] || continue
    name=${target##*/fuzz_}
    mkdir -p "build/asan/fuzz-corpus/$name"
    say "$name: $seconds s"
    if ! "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="build/asan/fuzz/finding-$name-" "build/asan/fuzz-corpus/$name" \
      "$(find tests -type d -path "*/corpus/$name" -print -quit)" > "$results/fuzz-$name.log" 2>&1; then
      tail -n 40 "$results/fuzz-$name.log"
      say "$name: a finding, kept in build/asan/fuzz/finding-$name-*; mend it, then add the file to corpus/$name"
      found=1
    else
      grep -h 'stat::number_of_executed_units' "$results/fuzz-$name.log" || true
    fi
  done
  return "$found"
}

# The long form of the tests of fault rows: test programs are run directly, without ctest's limit of a minute.
run_rows() {
  local filter program log="$results/rows.log" row failed=0
  filter='*.P?_*:*.P??_*:*.D?_*:*.D??_*:*.B?_*:*.H?_*:*.F?_*:*.F??_*:*.S?_*:*.R?_*:*.A?_*:*.Q?_*'
  [ "${#rows[@]}" -eq 0 ] || filter=$(printf '*.%s_*:' "${rows[@]}")
  : > "$log"
  for program in build/release/tests/*; do
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
    [ -n "$("$program" --gtest_filter="$filter" --gtest_list_tests 2>/dev/null | sed 1d)" ] || continue
    say "$program"
    PENSTOCK_NIGHTLY=1 "$program" --gtest_filter="$filter" --gtest_color=no >> "$log" 2>&1 || { failed=1; tail -n 60 "$log"; }
  done
  row_table "$log"
  for row in "${rows[@]}"; do
    grep -qs "^row $row:" "$log" || { complain "no test of row $row printed a count"; failed=1; }
  done
  return "$failed"
}

# row_table LOG: one line a count, with the result of all of its row's tests. A test that neither passed nor failed has crashed.
row_table() {
  say ""
  printf '  %-4s %-7s %14s  %s\n' row result count what
  awk '
    function row_of(test) { return match(test, /\.[A-Z][0-9]+_/) ? substr(test, RSTART + 1, RLENGTH - 2) : "" }
    /^\[ RUN      \] / { open_test = $4; ran[row_of($4)]++ }
    /^\[       OK \] / { open_test = "" }
    /^\[  FAILED  \] / && open_test != "" { bad[row_of(open_test)]++; open_test = "" }
    /^\[==========\] Running/ && open_test != "" { bad[row_of(open_test)]++; open_test = "" }
    /^row [A-Z][0-9]+: / {
      row = substr($2, 1, length($2) - 1)
      what = $0; sub(/^row [^ ]+ [^ ]+ ?/, "", what)
      line[++lines] = row; count_of[lines] = $3; what_of[lines] = what; seen[row] = 1
    }
    END {
      if (open_test != "") bad[row_of(open_test)]++
      for (i = 1; i <= lines; i++)
        printf "  %-4s %-7s %14s  %s\n", line[i], bad[line[i]] ? "FAILED" : "ok", count_of[i], what_of[i]
      for (row in ran) if (row != "" && !seen[row])
        printf "  %-4s %-7s %14s  %s\n", row, bad[row] ? "FAILED" : "ok", "-", ran[row] " tests without a count"
    }' "$1" | sort -V
}

nightly() {
  step "clang-tidy over everything" scripts/lint/tidy.sh --all
  step "g++ 12: build" build gcc all
  step "g++ 12: unit tests" tests gcc "$(jobs_wanted)" unit
  step "release: build the unit tests" build release unit_tests
  step "fault rows, long form" run_rows
}

step "install packages" install_packages "${packages_build[@]}" "${packages_station[@]}" "${packages_test[@]}"
last_step_failed && die "cannot build without these packages"
if [ "$mode" = quick ]; then
  step "lints" eval 'configure dev && tests dev 2 lint'
  step "dev: build" build dev unit_tests system_tests programs
  step "dev: unit tests" tests dev "$(jobs_wanted)" unit
  step "dev: system tests" tests dev 1 system
else
  step "lints" eval 'configure asan && tests asan 2 lint'
  step "asan + ubsan: build" build asan unit_tests fuzz_targets
  step "asan + ubsan: unit tests" tests asan "$(jobs_wanted)" unit
  step "tsan: build" build tsan tsan_tests
  step "tsan: tests with threads" tests tsan "$(jobs_wanted)" tsan
  step "release: build" build release programs benches system_tests
  step "release: system tests" tests release 1 system
  step "fuzzing, 60 s in all" fuzz
  step "benches, small and once" scripts/bench.sh all --smoke
  step "clang-tidy on the last change" scripts/lint/tidy.sh --changed
  [ "$mode" = full ] || nightly
fi
print_steps

failed=$(counted failures)
skipped=$(counted skipped)
passed=$(($(counted tests) - failed - skipped - $(counted disabled)))
# A step that broke without a failing test of its own (a build, a bench) counts as one.
failed=$((failed + $(failed_steps) - $(wc -l < "$results/counted-steps")))
say ""
if [ "$skipped" -gt 0 ]; then
  say "Skipped: $(grep -hB1 '<skipped' "$results"/*.xml | grep -o 'testcase name="[^"]*"' | cut -d'"' -f2 | tr '\n' ' ')"
  [ "${CI:-}" = true ] && failed=$((failed + skipped)) && say "In CI a skipped test is a failed one."
fi
for i in "${!step_names[@]}"; do
  [ "${step_results[$i]}" = ok ] || say "Failed step: ${step_names[$i]}"
done
if [ "$failed" -eq 0 ]; then say "Everything passed."; else say "Not everything passed; the words above say what."; fi
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
