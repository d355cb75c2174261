#!/usr/bin/env bash
# Starts the servers, runs every test against them, stops the servers. Arguments go to vitest:
#   ./scripts/test.sh
#   ./scripts/test.sh packages/load
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"
exec node "$project/scripts/run-tests.ts" "$@"
