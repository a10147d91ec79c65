#!/usr/bin/env bash
# clang-tidy over sources: --all (with clang's analyzer: up to an hour on 2 cores), --changed (by the last commit and since; at most 40 files), or FILES.
# It reads the commands of the tsan preset, the clang build without precompiled headers.
# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/../lib/common.sh"

most_changed=40
export most_seconds=300  # for one source
more_checks=
case ${1:-} in
  --all)
    more_checks='clang-analyzer-*'
    mapfile -t sources < <(git ls-files 'sdk/*.cpp' 'core/*.cpp' 'plugins/*.cpp' 'apps/*.cpp')
    ;;
  --changed)
    mapfile -t sources < <(git diff --name-only --diff-filter=AM HEAD~1 -- 'sdk/*.cpp' 'core/*.cpp' 'plugins/*.cpp' 'apps/*.cpp' 2>/dev/null)
    if [ "${#sources[@]}" -gt "$most_changed" ]; then
      say "${#sources[@]} sources changed; looking at the first $most_changed (the nightly run looks at all)"
      sources=("${sources[@]:0:$most_changed}")
    fi
    ;;
  -* | '') die "wanted --all, --changed or files" ;;
  *) sources=("$@") ;;
esac
if [ "${#sources[@]}" -eq 0 ]; then
  say "no source to look at"
  exit 0
fi
configure tsan
say "clang-tidy: ${#sources[@]} sources"
look_at() {  # CHECKS SOURCE
  local code=0
  timeout "$most_seconds" clang-tidy-19 -p build/tsan --quiet --checks="$1" "$2" || code=$?
  [ "$code" -ne 124 ] || echo "$2: clang-tidy was not ready within $most_seconds s" >&2
  return "$code"
}
export -f look_at
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(jobs_wanted)" bash -c 'look_at "$@"' _ "$more_checks"
