#!/usr/bin/env bash
# The four steps on this machine, with servers of their own:
#   ./scripts/demo.sh                        a generated chat log
#   ./scripts/demo.sh orders.json users.json your own mongoexport files
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"
exec node "$project/scripts/demo.ts" "$@"
