#!/bin/sh
# Resolves requirements.lock and requirements-dev.lock for every supported Python and platform, with hashes
# and without naming the index they came from.
set -eu
cd "$(dirname "$0")/.."
for lock in "requirements.lock" "requirements-dev.lock --extra dev"; do
  set -- $lock
  output=$1; shift
  uv pip compile pyproject.toml --group build "$@" --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-annotate --quiet --output-file "$output"
done
