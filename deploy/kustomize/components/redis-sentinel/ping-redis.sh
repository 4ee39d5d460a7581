#!/bin/sh
# The probe: whether the Redis announced as $SELF (HOST:PORT) answers who knows the password. One that is still loading
# says an error.
REDISCLI_AUTH=$(cat "$PASSWORD_FILE")
export REDISCLI_AUTH
exec redis-cli -e -p "${SELF##*:}" ping
