#!/bin/sh
# Starts Tor. A staff service that no key guards would be open to all who learn its address: then it is not started.
set -eu
torrc=${TORRC:-/etc/tor/torrc}
data=${TOR_DATA:-/var/lib/tor}
if ! ls "$data"/staff/authorized_clients/*.auth >/dev/null 2>&1; then
  echo "No key in $data/staff/authorized_clients: only the service for sources is started." >&2
  guarded=$(mktemp)
  sed '/^# For staff/,$d' "$torrc" >"$guarded"
  torrc=$guarded
fi
exec tor -f "$torrc" "$@"
