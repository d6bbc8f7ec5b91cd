# Sourced by run.sh: how Prosody is configured and started. Uses STATE, BASE, UPLOAD_LIMIT, ARCHIVE, RESUME, ABUSE;
# sets PID and LOG.

configure() {
  local archive='true'
  [ "$ARCHIVE" = on ] || archive='false'
  local contact='' named=''
  [ -z "$ABUSE" ] || contact='"server_contact_info";' named="\"$ABUSE\""
  cat > "$STATE/prosody.cfg.lua" <<LUA
run_as_root = true
pidfile = "$STATE/prosody.pid"
data_path = "$STATE/data"
admins = { "admin@localhost" }
contact_info = { abuse = { $named } }
interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { $((BASE + 2)) }
c2s_direct_tls_ports = { $((BASE + 3)) }
s2s_ports = { }
s2s_direct_tls_ports = { }
http_ports = { $BASE }
http_interfaces = { "127.0.0.1" }
https_ports = { }
http_host = "127.0.0.1"
http_external_url = "http://127.0.0.1:$BASE/"
modules_enabled = {
  "roster"; "saslauth"; "tls"; "disco"; "carbons"; "pep"; "private"; "blocklist"; "bookmarks";
  "vcard4"; "vcard_legacy"; "version"; "time"; "ping"; "register_ibr"; "user_account_management";
  "mam"; "csi_simple"; "smacks"; "websocket"; "offline"; "tombstones"; "posix"; "spam_reporting"; "watch_spam_reports"; $contact
}
modules_disabled = { "s2s" }
allow_registration = true
c2s_require_encryption = true
-- The WebSocket is plain http on loopback; without this it would offer no way to sign in.
consider_websocket_secure = true
authentication = "internal_hashed"
password_hash = "SHA-256"
storage = "sql"
sql = { driver = "SQLite3", database = "prosody.sqlite" }
archive_expires_after = "never"
default_archive_policy = $archive
max_archive_query_results = 250
smacks_hibernation_time = $RESUME
log = { info = "$STATE/prosody.log" }
certificates = "$STATE"
ssl = { certificate = "$STATE/cert.pem"; key = "$STATE/key.pem" }

VirtualHost "localhost"
  disco_items = { { "upload.localhost", "Uploads" }; { "rooms.localhost", "Rooms" } }

Component "rooms.localhost" "muc"
  modules_enabled = { "muc_mam"; "muc_moderation" }
  restrict_room_creation = false
  muc_log_by_default = true
  muc_room_default_persistent = true

Component "upload.localhost" "http_file_share"
  http_file_share_size_limit = $UPLOAD_LIMIT
  http_file_share_daily_quota = 1024*1024*1024
LUA
}

start() {
  command -v prosody >/dev/null || die 'Prosody is not installed'
  mkdir -p "$STATE/data"
  LOG=$STATE/stdout.log
  setpriv --pdeathsig TERM prosody -F --config "$STATE/prosody.cfg.lua" > "$LOG" 2>&1 9>&- &
  PID=$!
}
