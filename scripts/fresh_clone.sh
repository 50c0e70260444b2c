#!/usr/bin/env bash
# Clone HEAD into a temporary folder and time what a newcomer does: `make demo` until the first
# page answers, the same a second time, then `make test`.
#
#   scripts/fresh_clone.sh [--cold] [--no-test]
#
# --cold empties the package managers' caches for this run (folders of its own, not yours).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cold='' test=yes
for word in "$@"; do
  case "$word" in
    --cold) cold=yes ;;
    --no-test) test='' ;;
    *) sed -n '2,8p' "${BASH_SOURCE[0]}"; exit 2 ;;
  esac
done

work="$(mktemp -d "${TMPDIR:-/tmp}/tapal-clone.XXXXXX")"
demo=''
stop() {
  # The demo runs in a session of its own: its whole process group ends with it.
  [ -z "$demo" ] || kill -TERM -- "-$demo" 2>/dev/null || true
  [ -z "$demo" ] || wait "$demo" 2>/dev/null || true
  demo=''
}
trap 'stop; rm -rf "$work"' EXIT

git clone --quiet "file://$here" "$work/tapal"
[ ! -d "$here/../shared" ] || ln -s "$(cd "$here/../shared" && pwd)" "$work/shared"
if [ -n "$cold" ]; then
  export UV_CACHE_DIR="$work/cache/uv" PIP_CACHE_DIR="$work/cache/pip"
  export npm_config_cache="$work/cache/npm"
fi
unset TAPAL_HOME TAPAL_DATABASE_URL
# A port of its own, so that no other demo answers in its place.
TAPAL_PORT="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
export TAPAL_PORT
cd "$work/tapal"
export PYTHONUNBUFFERED=1

# Start the demo and wait until its first page answers; says how long that took.
first_page() {
  local what="$1" log="$work/demo.log" began address=''
  began="$(date +%s.%N)"
  local started="$SECONDS"
  # Each line with the second at which it came, so that a slow step shows.
  setsid make demo </dev/null > >(
    while IFS= read -r line; do printf '%3d s  %s\n' "$((SECONDS - started))" "$line"; done >"$log"
  ) 2>&1 &
  demo=$!
  while :; do
    if ! kill -0 "$demo" 2>/dev/null; then
      cat "$log"; echo "$what: make demo ended by itself"; exit 1
    fi
    address="$(grep -oE 'http://(127\.0\.0\.1|localhost):[0-9]+' "$log" | head -n 1 || true)"
    if [ -n "$address" ] && .venv/bin/python - "$address" <<'PY'
import sys, urllib.request
try:
    sys.exit(urllib.request.urlopen(sys.argv[1], timeout=5).status != 200)
except OSError:
    sys.exit(1)
PY
    then break; fi
    sleep 0.2
  done
  .venv/bin/python -c "import time; print(f'$what: first page after {time.time() - $began:.1f} s')"
}

first_page "make demo"
cat "$work/demo.log"
stop
first_page "make demo, again"
stop
if [ -n "$test" ]; then
  began="$SECONDS"
  make test
  echo "make test: $((SECONDS - began)) s"
fi
