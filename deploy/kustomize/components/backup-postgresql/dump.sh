#!/bin/sh
# Dumps $SCHEMA of the database at $STORE (a URI without a password; that is in $PASSWORD_FILE) into the folder $BACKUPS
# and then throws away dumps older than $KEEP_DAYS days. A dump that is not whole never has a dump's name.
set -eu
umask 077
PGPASSWORD=$(cat "$PASSWORD_FILE")
export PGPASSWORD
dump=$BACKUPS/$SCHEMA-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f "$dump.part"' EXIT
# What a killed dump left; none runs longer than the Job may (two hours).
find "$BACKUPS" -name "$SCHEMA-*.dump.part" -mmin +120 -delete
pg_dump --format=custom --no-owner --no-privileges --schema="$SCHEMA" --lock-wait-timeout=60s --file="$dump.part" "$STORE"
# One that cannot be listed cannot be restored.
pg_restore --list "$dump.part" >/dev/null
mv "$dump.part" "$dump"
find "$BACKUPS" -name "$SCHEMA-*.dump" -mtime "+$((KEEP_DAYS - 1))" -delete
echo "wrote $dump"
