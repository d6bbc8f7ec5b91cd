#!/usr/bin/env bash
# Runs one XMPP server for development and tests: foreground, 127.0.0.1 only, own state folder, any user.
#
#   run.sh ejabberd|prosody STATE_DIR BASE_PORT [options]
#     --upload-limit BYTES   the largest file that upload takes (default 104857600)
#     --archive on|off       whether messages are archived (default on)
#     --resume SECONDS       how long a lost stream can be resumed (default 300; 0: never)
#     --abuse URI            whom the server names for reports of abuse (XEP-0157; default nobody)
#     --with-stdin yes       stop when stdin closes, and so with whoever started it
#
#   BASE_PORT    ws://127.0.0.1:BASE_PORT/xmpp-websocket and HTTP upload
#   BASE_PORT+2  clients with STARTTLS        BASE_PORT+3  clients with direct TLS
#   Domains localhost, rooms.localhost, upload.localhost, and on ejabberd search.localhost.
#   The certificate is STATE_DIR/cert.pem: self-signed, to be trusted with NODE_EXTRA_CA_CERTS.
#
# Prints "ready ws://…" once it accepts connections. SIGTERM or SIGINT stops it cleanly; when this script is
# killed outright the server still gets SIGTERM. STATE_DIR/pid is the server's own process. The state survives a
# restart with the same STATE_DIR; remove the folder to start afresh.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() { printf 'run.sh: %s\n' "$*" >&2; exit 2; }
usage() { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" | sed '$d' >&2; exit 2; }
[ $# -ge 3 ] || usage
SERVER=$1 STATE=$2 BASE=$3; shift 3
UPLOAD_LIMIT=104857600 ARCHIVE=on RESUME=300 ABUSE='' WITH_STDIN=no
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || die "$1 needs a value"
  case $1 in
    --upload-limit) UPLOAD_LIMIT=$2 ;;
    --archive) ARCHIVE=$2 ;;
    --resume) RESUME=$2 ;;
    --abuse) ABUSE=$2 ;;
    --with-stdin) WITH_STDIN=$2 ;;
    *) die "unknown option $1" ;;
  esac
  shift 2
done
[[ $BASE =~ ^[0-9]+$ ]] && [ "$BASE" -ge 1024 ] && [ "$BASE" -le 65000 ] || die "bad port $BASE"
[[ $UPLOAD_LIMIT =~ ^[0-9]+$ && $RESUME =~ ^[0-9]+$ ]] || die '--upload-limit and --resume take whole numbers'
[[ $ABUSE =~ ^[a-zA-Z0-9@:/._-]*$ ]] || die '--abuse takes a URI'
[[ $ARCHIVE = on || $ARCHIVE = off ]] || die '--archive takes on or off'
mkdir -p "$STATE"; STATE=$(cd "$STATE" && pwd -P)
[[ $STATE != *[\"\\\']* ]] || die 'no quotes or backslashes in STATE_DIR, please'

exec 9> "$STATE/lock"
flock -n 9 || die "another server is using $STATE"
for port in "$BASE" $((BASE + 2)) $((BASE + 3)); do
  if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then die "port $port is taken"; fi
done

if [ ! -s "$STATE/both.pem" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1' \
    -keyout "$STATE/key.pem" -out "$STATE/cert.pem" 2> "$STATE/openssl.log" \
    || die "openssl failed, see $STATE/openssl.log"
  cat "$STATE/cert.pem" "$STATE/key.pem" > "$STATE/both.pem"
  chmod 600 "$STATE/key.pem" "$STATE/both.pem"
fi

PID='' LOG='' BOOTED='' WATCH=''
case $SERVER in
  ejabberd) . "$HERE/ejabberd.sh" ;;
  prosody) . "$HERE/prosody.sh" ;;
  *) die "unknown server $SERVER" ;;
esac

stop() {
  trap '' TERM INT HUP
  if [ -n "$PID" ] && kill -0 "$PID" 2>/dev/null; then
    kill -TERM "$PID" 2>/dev/null || true
    for _ in $(seq 150); do kill -0 "$PID" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$PID" 2>/dev/null || true
  fi
  [ -z "$PID" ] || wait "$PID" 2>/dev/null || true
  rm -f "$STATE/pid"
  [ -z "$WATCH" ] || kill "$WATCH" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 0' TERM INT HUP

# It can be used once the WebSocket answers 101 and both TCP ports are open.
accepting() {
  local line=''
  [ -z "$BOOTED" ] || [ -e "$BOOTED" ] || return 1
  (exec 3<> "/dev/tcp/127.0.0.1/$((BASE + 2))") 2>/dev/null || return 1
  (exec 3<> "/dev/tcp/127.0.0.1/$((BASE + 3))") 2>/dev/null || return 1
  line=$( { exec 3<> "/dev/tcp/127.0.0.1/$BASE"
    printf '%s\r\n' 'GET /xmpp-websocket HTTP/1.1' "Host: 127.0.0.1:$BASE" 'Connection: Upgrade' \
      'Upgrade: websocket' 'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==' \
      'Sec-WebSocket-Protocol: xmpp' '' >&3
    read -r -t 3 line <&3; printf '%s' "$line"; } 2>/dev/null ) || return 1
  [[ $line = *' 101 '* ]]
}

if [ "$WITH_STDIN" = yes ]; then
  # A background job's stdin is /dev/null; this keeps the real one. It ends with stdin, or with stop().
  exec 8<&0
  (while read -r _ <&8; do :; done; kill -TERM $$) > /dev/null 2>&1 9>&- &
  WATCH=$!
fi
configure
start
echo "$PID" > "$STATE/pid"
for _ in $(seq 600); do
  if accepting; then
    echo "ready ws://127.0.0.1:$BASE/xmpp-websocket"
    status=0; { wait "$PID"; } 2>/dev/null || status=$?
    echo "run.sh: $SERVER ended with status $status" >&2; exit "$status"
  fi
  kill -0 "$PID" 2>/dev/null || break
  sleep 0.1
done
echo "run.sh: $SERVER did not start; $LOG says:" >&2; tail -n 20 "$LOG" >&2
exit 1
