#!/usr/bin/env bash
# Runs shellcheck over every script below the folder given.
set -eu
cd "$1"
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
shellcheck --external-sources "${scripts[@]}"
