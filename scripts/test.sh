#!/usr/bin/env bash
# Starts the servers, runs every test against them, stops the servers. Arguments go to vitest:
#   ./scripts/test.sh
#   ./scripts/test.sh packages/load
# With --quick it starts no server, and runs the tests that need none and are not slow, in under three minutes:
#   ./scripts/test.sh --quick
# A file of slow tests begins with `// @module-tag slow`.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"
exec node "$project/scripts/run-tests.ts" "$@"
