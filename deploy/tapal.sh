#!/bin/sh
# A command of this node, as its user and with its settings. Copy to /usr/local/bin/tapal, adapt the paths.
if [ "$(id -u)" = 0 ]; then
  exec runuser -u tapal -- "$0" "$@"
fi
set -a
TAPAL_HOME=/var/lib/tapal
. /etc/tapal.env || exit 2
set +a
exec /opt/tapal/.venv/bin/tapal "$@"
