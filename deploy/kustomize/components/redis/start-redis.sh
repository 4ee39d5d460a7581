#!/bin/sh
# Starts Redis with the password in $PASSWORD_FILE. redis-server hides its arguments from ps.
set -eu
exec redis-server "$(dirname "$0")/redis.conf" --requirepass "$(cat "$PASSWORD_FILE")"
