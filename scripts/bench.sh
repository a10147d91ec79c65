#!/usr/bin/env bash
# Measures Penstock against a peer in the same run. See --help.
# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source scripts/lib/packages.sh

usage() {
  cat <<'HELP'
usage: scripts/bench.sh NAME... | all [--smoke]
       scripts/bench.sh --list

Builds the release programs and runs benches. Each figure is one line of JSON on standard output, with these keys:
  {"bench","metric","value","unit","peer","peer_value","ratio","runs"}     ratio = value / peer_value
All else goes to standard error. --smoke runs small and once: it shows that the bench works, not how fast anything is.
HELP
}

# A bench is declared by penstock_add_bench(NAME ...) somewhere below tests/bench.
all_benches() {
  find tests/bench -name CMakeLists.txt -exec grep -ho '^ *penstock_add_bench( *[a-z0-9_]*' {} + 2>/dev/null | sed 's/.*( *//' | sort
}

options=()
wanted=()
while [ $# -gt 0 ]; do
  case $1 in
    --list) all_benches && exit 0 ;;
    --smoke) options+=(--smoke) ;;
    --help | -h) usage && exit 0 ;;
    -*) usage >&2 && die "unknown option $1" ;;
    *) wanted+=("$1") ;;
  esac
  shift
done
[ "${#wanted[@]}" -gt 0 ] || { usage >&2 && exit 2; }

mapfile -t known < <(all_benches)
[ "${#known[@]}" -gt 0 ] || die "no bench is declared below tests/bench"
[ "${wanted[*]}" = all ] && wanted=("${known[@]}")
for name in "${wanted[@]}"; do
  printf '%s\n' "${known[@]}" | grep -qx "$name" || die "no bench \"$name\"; there are: ${known[*]}"
done

install_packages "${packages_build[@]}" "${packages_station[@]}" libbenchmark-dev >&2
build release "${wanted[@]/#/bench_}" >&2

failed=()
for name in "${wanted[@]}"; do
  complain "bench $name"
  "build/release/bin/bench_$name" "${options[@]}" || failed+=("$name")
done
[ "${#failed[@]}" -eq 0 ] || die "these benches failed: ${failed[*]}"
