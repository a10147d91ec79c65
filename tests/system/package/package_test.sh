#!/usr/bin/env bash
# package_test.sh CMAKE COMPILER: installs this build, builds the plugin in outside/ with COMPILER against it, runs its tests, and
# looks at what the library shows.
set -euo pipefail
cmake=$1 compiler=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$cmake" --install "$PENSTOCK_BUILD_DIR" --prefix "$scratch/installed" > "$scratch/install.log"
"$cmake" -S outside -B "$scratch/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$scratch/installed"
"$cmake" --build "$scratch/build"
ctest --test-dir "$scratch/build" --output-on-failure --no-tests=error

library=$scratch/build/lib/penstock/com.example.driver.lines.so
shown=$(nm -D --defined-only "$library" | awk '{ print $3 }')
[ "$shown" = penstock_plugin_factory ] || { echo "the library shows more than its factory: $shown" >&2 && exit 1; }
readelf -SW "$library" | grep -q ' \.penstock ' || { echo "no manifest section in $library" >&2 && exit 1; }

# The control: a file without PENSTOCK_PLUGIN must not become a plugin.
if "$cmake" --build "$scratch/build" --target driver_forgotten > "$scratch/forgotten.log" 2>&1; then
  nm -D --defined-only "$scratch/build/lib/penstock/com.example.driver.forgotten.so" | grep -q penstock_plugin_factory &&
    { echo "a library without PENSTOCK_PLUGIN has a factory" >&2 && exit 1; }
fi
echo "built, tested and as closed as it should be"
