#!/usr/bin/env bash
# Installs what the integration tests run against: ejabberd, Prosody and the slixmpp library, from Debian
# packages, without starting any service. On bookworm the servers come from bookworm-backports (ejabberd 24.12,
# Prosody 13.0), whose behaviour docs/mechanisms/tests.md describes; elsewhere the release's own are taken.
# Safe to run again: with everything in place it only checks and exits.
#   usage: scripts/servers/install.sh [--check]     --check: exit 0 when nothing is missing, install nothing
set -euo pipefail

SERVERS=(ejabberd prosody prosody-modules)
# What those packages only recommend, but run.sh uses: SQLite for both servers, an event loop for Prosody,
# openssl for the certificate, setpriv; slixmpp needs aiohttp beside it, or its upload plugin does not load.
COMPANIONS=(erlang-p1-sqlite3 lua-dbi-sqlite3 lua-event openssl util-linux python3-slixmpp python3-aiohttp)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
APT=(-qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)

say() { printf 'servers: %s\n' "$*" >&2; }
installed() { dpkg-query -W -f='${db:Status-Abbrev} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^ii *//p' || true; }

complete() {
  local package
  command -v dpkg-query >/dev/null || return 1
  for package in "${SERVERS[@]}" "${COMPANIONS[@]}"; do [ -n "$(installed "$package")" ] || return 1; done
  dpkg --compare-versions "$(installed ejabberd)" ge 24 && dpkg --compare-versions "$(installed prosody)" ge 13
}

# Prints "URI [signed-by]" of the machine's own main Debian source: backports come from the same mirror.
own_source() {
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    awk -v code="$CODENAME" 'BEGIN { RS = "" } {
      uri = key = ""; hit = off = 0; n = split($0, line, "\n")
      for (i = 1; i <= n; i++) {
        split(line[i], word, " ")
        if (line[i] ~ /^URIs:/) uri = word[2]
        if (line[i] ~ /^Signed-By:/) key = word[2]
        if (line[i] ~ /^Suites:/ && (" " line[i] " ") ~ (" " code " ")) hit = 1
        if (line[i] ~ /^Enabled: *no/) off = 1
      }
      if (hit && !off && uri != "") { print uri, key; exit } }' "$file"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    sed -nE "s/^deb +(\[[^]]*\] +)?([^ ]+) +$CODENAME .*/\2/p" "$file" | head -n 1
  done
}

add_backports() {
  local suite=$1 uri='' key=''
  if grep -rqsE "^[^#]*\b$suite\b" /etc/apt/sources.list /etc/apt/sources.list.d \
    --include='sources.list' --include='*.list' --include='*.sources'; then return 0; fi
  read -r uri key < <(own_source | head -n 1) || true
  [ -n "$uri" ] || { say 'no Debian source found to take the mirror from'; return 1; }
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
    "$uri" "$suite" "${key:-/usr/share/keyrings/debian-archive-keyring.gpg}" > /etc/apt/sources.list.d/backports.sources
  say "added $suite to the package sources"
}

# policy-rc.d with 101 means "do not start". An ejabberd package starts an epmd all the same: it ends with us.
POLICY=/usr/sbin/policy-rc.d MADE_POLICY=''
epmds() {
  local file
  for file in /proc/[0-9]*/comm; do
    if [ "$(cat "$file" 2>/dev/null)" = epmd ]; then file=${file#/proc/}; echo "${file%/comm}"; fi
  done
}
cleanup() {
  local pid
  for pid in $(epmds); do [[ $OLD_EPMDS == *" $pid "* ]] || kill "$pid" 2>/dev/null || true; done
  if [ -n "$MADE_POLICY" ]; then rm -f "$POLICY"; fi
}

if complete; then say 'already installed'; exit 0; fi
[ "${1:-}" != --check ] || exit 1
command -v apt-get >/dev/null || { say 'only Debian and its descendants are supported'; exit 1; }
[ "$(id -u)" = 0 ] || { say 'must run as root'; exit 1; }
CODENAME=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
FROM=()
if [ "$CODENAME" = bookworm ] && add_backports bookworm-backports; then FROM=(-t bookworm-backports); fi

OLD_EPMDS=" $(epmds | tr '\n' ' ')"
trap cleanup EXIT
if [ ! -e "$POLICY" ]; then
  MADE_POLICY=1
  printf '#!/bin/sh\nexit 101\n' > "$POLICY"; chmod 755 "$POLICY"
fi

say 'installing ejabberd, Prosody and slixmpp'
apt-get update "${APT[@]}" >&2 || say 'apt-get update had errors; trying with what is there'
get() {
  apt-get install "${APT[@]}" --no-install-recommends -o Dpkg::Options::=--force-confdef \
    -o Dpkg::Options::=--force-confold "$@" >&2
}
if [ ${#FROM[@]} -gt 0 ]; then
  get "${FROM[@]}" "${SERVERS[@]}" || { say "backports failed; taking $CODENAME's own"; get "${SERVERS[@]}"; }
else
  get "${SERVERS[@]}"
fi
get "${COMPANIONS[@]}"
# The packages were told not to start; make sure on a machine with systemd.
if [ -d /run/systemd/system ]; then systemctl disable --now ejabberd prosody >/dev/null 2>&1 || true; fi
say "ejabberd $(installed ejabberd), Prosody $(installed prosody)"
