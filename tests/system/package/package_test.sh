#!/usr/bin/env bash
# package_test.sh CMAKE COMPILER: installs this build's SDK, builds a copy of the SDK's driver template with COMPILER against it, runs its
# tests, and looks at what the library shows.
set -euo pipefail
cmake=$1 compiler=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r outside "$scratch/source"
cp -r "$PENSTOCK_SOURCE_DIR/sdk/templates/driver" "$scratch/source/driver"

fail() {
  echo "$1" >&2
  exit 1
}

"$cmake" --install "$PENSTOCK_BUILD_DIR" --component sdk --prefix "$scratch/installed" > "$scratch/install.log"
"$cmake" -S "$scratch/source" -B "$scratch/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$scratch/installed"
"$cmake" --build "$scratch/build"
ctest --test-dir "$scratch/build" --output-on-failure --no-tests=error

shopt -s nullglob
libraries=("$scratch"/build/lib/penstock/driver.*.so)
[ "${#libraries[@]}" -eq 1 ] || fail "wanted one library, found: ${libraries[*]}"
shown=$(nm -D --defined-only "${libraries[0]}" | awk '{ print $3 }')
[ "$shown" = penstock_plugin_factory ] || fail "the library shows more than its factory: $shown"
readelf -SW "${libraries[0]}" | grep -q ' \.penstock ' || fail "no manifest section in ${libraries[0]}"

# The control: a file without PENSTOCK_PLUGIN gives no library with a factory.
if "$cmake" --build "$scratch/build" --target driver_forgotten > "$scratch/forgotten.log" 2>&1; then
  ! nm -D --defined-only "$scratch/build/lib/penstock/com.example.driver.forgotten.so" | grep -q penstock_plugin_factory ||
    fail "a library without PENSTOCK_PLUGIN has a factory"
fi
echo "built, tested and as closed as it should be"
