#!/bin/sh
# Starts the Redis announced as $SELF (HOST:PORT): as the primary, or as a replica of the one there is.
set -eu
here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=primary.sh
. "$here/primary.sh"
# shellcheck disable=SC2046
set -- $(primary)
if [ "$1:$2" = "$SELF" ]; then
  set --
else
  set -- --replicaof "$1 $2"
fi
password=$(cat "$PASSWORD_FILE")
# redis-server hides its arguments from ps.
exec redis-server "$here/redis.conf" --port "${SELF##*:}" --requirepass "$password" --masterauth "$password" \
  --replica-announce-ip "${SELF%:*}" --replica-announce-port "${SELF##*:}" "$@"
