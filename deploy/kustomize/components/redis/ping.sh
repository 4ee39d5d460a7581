#!/bin/sh
# The probe: whether Redis answers who knows the password. One that is still loading says an error.
REDISCLI_AUTH=$(cat "$PASSWORD_FILE")
export REDISCLI_AUTH
exec redis-cli -e ping
