# shellcheck shell=sh
# Sourced. Prints "HOST PORT" of the primary: what the Sentinels at $SENTINELS (HOST:PORT, behind which any of them
# may answer) say of $PRIMARY_NAME, or $FIRST_PRIMARY (HOST:PORT) when none answers, which is so in a new city.
primary() {
  answer=$(timeout 5 redis-cli -e -h "${SENTINELS%:*}" -p "${SENTINELS##*:}" --raw \
    sentinel get-master-addr-by-name "$PRIMARY_NAME" 2>/dev/null) || answer=
  if [ -n "$answer" ]; then
    echo "$answer" | tr '\n' ' '
  else
    echo "${FIRST_PRIMARY%:*} ${FIRST_PRIMARY##*:}"
  fi
}
