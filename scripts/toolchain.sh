# Sourced by demo.sh and test.sh: puts Node >= 24 and pnpm >= 12 on PATH, installs
# the packages of pnpm-lock.yaml and builds. Needs bash and, where they are not there
# already, Node 20+ with npm. Writes to the project and to the cache folder only.

set -euo pipefail

node_version=24.21.0
pnpm_version=12.21.0

say() { printf 'firebreak: %s\n' "$1" >&2; }

fail() {
  say "$1"
  say "$2"
  exit 1
}

# Runs a command and shows what it printed only if it fails.
quietly() {
  local output
  if ! output=$("$@" 2>&1 </dev/null); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

# is_at_least COMMAND MAJOR
is_at_least() {
  local found
  # A corepack shim would download a pnpm just to tell its version.
  found=$(COREPACK_ENABLE_NETWORK=0 "$1" -v 2>/dev/null </dev/null) || return 1
  found=${found#v}
  [[ ${found%%.*} =~ ^[0-9]+$ ]] && ((${found%%.*} >= $2))
}

has_toolchain() { is_at_least "$toolchain/node_modules/.bin/node" 24 && is_at_least "$toolchain/node_modules/.bin/pnpm" 12; }

fetch_toolchain() {
  command -v npm >/dev/null || fail "There is neither Node 24 with pnpm 12 nor npm to fetch them with." "Install Node 20 or later with npm and try again."
  say "fetching Node $node_version and pnpm $pnpm_version into the cache folder (a minute, the first time only)"
  rm -rf "$toolchain" "$toolchain".partial.*
  trap 'rm -rf "$partial"' EXIT
  mkdir -p "$partial"
  quietly npm install --prefix "$partial" --cache "$partial/npm-cache" --ignore-scripts=false \
    --no-audit --no-fund --no-update-notifier --loglevel=error "node@$node_version" "pnpm@$pnpm_version" ||
    fail "npm could not fetch Node $node_version and pnpm $pnpm_version." "See npm's message above, or install Node 24 and pnpm 12 yourself."
  rm -rf "$partial/npm-cache"
  mv "$partial" "$toolchain"
  has_toolchain || fail "The Node and pnpm that were fetched do not run on this system." "Install Node 24 and pnpm 12 yourself and try again."
}

set_up() {
  if command -v flock >/dev/null && ! flock -n 9; then
    say "waiting for another set-up to finish"
    flock 9
  fi
  if [[ -n $toolchain ]] && ! has_toolchain; then fetch_toolchain; fi
  [[ -z $toolchain ]] || PATH=$toolchain/node_modules/.bin:$PATH
  say "using Node $(node -v) and pnpm $(pnpm -v)"
  cd "$project"
  say "installing the packages of pnpm-lock.yaml"
  quietly pnpm install --frozen-lockfile --prefer-offline || fail "pnpm could not install the packages." "See its message above; the first time needs a package registry."
  say "building"
  quietly pnpm build || fail "The build failed." "See the compiler's message above."
}

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The XDG base directory specification: a relative value is to be ignored.
case ${XDG_CACHE_HOME:-} in
  /*) cache=$XDG_CACHE_HOME/firebreak ;;
  *) cache=${HOME:?}/.cache/firebreak ;;
esac
mkdir -p "$cache" || fail "The cache folder $cache cannot be made." "Make it writable, or set XDG_CACHE_HOME to another folder."

toolchain=
if ! is_at_least node 24 || ! is_at_least pnpm 12; then
  toolchain=$cache/toolchain-node-$node_version-pnpm-$pnpm_version
fi
partial=$toolchain.partial.$$
export pnpm_config_store_dir=$cache/pnpm/store pnpm_config_cache_dir=$cache/pnpm/cache pnpm_config_state_dir=$cache/pnpm/state
export pnpm_config_update_notifier=false

# In a subshell: the lock is free when it ends, and no server started later holds it.
(set_up) 9>"$cache/set-up.lock"
[[ -z $toolchain ]] || export PATH=$toolchain/node_modules/.bin:$PATH
