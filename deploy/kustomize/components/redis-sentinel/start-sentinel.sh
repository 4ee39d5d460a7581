#!/bin/sh
# Starts the Sentinel announced as $SELF (HOST:PORT). Its file is written anew in the working folder, for Sentinel
# keeps notes in it; what it has to know it hears from the others and from Redis.
set -eu
# shellcheck source-path=SCRIPTDIR source=primary.sh
. "$(dirname "$0")/primary.sh"
# shellcheck disable=SC2046
set -- $(primary)
umask 077
# The same id after every start: the others would count a Sentinel with a new id as one more, and a majority of
# them would one day be out of reach.
cat >sentinel.conf <<TEXT
port ${SELF##*:}
dir $PWD
protected-mode no
sentinel myid $(printf %s "$SELF" | sha1sum | cut -c1-40)
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip ${SELF%:*}
sentinel announce-port ${SELF##*:}
sentinel monitor $PRIMARY_NAME $1 $2 2
sentinel auth-pass $PRIMARY_NAME "$(sed 's/[\\"]/\\&/g' "$PASSWORD_FILE")"
sentinel down-after-milliseconds $PRIMARY_NAME ${DOWN_AFTER_MS:-5000}
sentinel failover-timeout $PRIMARY_NAME 15000
sentinel parallel-syncs $PRIMARY_NAME 1
TEXT
exec redis-server sentinel.conf --sentinel
