# Sourced by run.sh: how ejabberd is configured and started. Uses STATE, BASE, UPLOAD_LIMIT, ARCHIVE, RESUME, ABUSE;
# sets PID, LOG and BOOTED (a file that exists once the application is up).

contact() {
  [ -z "$ABUSE" ] || printf 'server_info: [{modules: all, name: "abuse-addresses", urls: ["%s"]}]' "$ABUSE"
}

configure() {
  local archive='always' resume="resume_timeout: $RESUME"
  [ "$ARCHIVE" = on ] || archive='never'
  [ "$RESUME" -gt 0 ] || resume='resume_timeout: 0, max_resume_timeout: 0'
  cat > "$STATE/ejabberd.yml" <<YML
loglevel: info
hosts: [localhost]
certfiles: ["$STATE/both.pem"]
default_db: sql
sql_type: sqlite
sql_database: "$STATE/ejabberd.db"
auth_method: sql
auth_password_format: scram
auth_scram_hash: sha256
registration_timeout: infinity
s2s_access: none
listen:
  - {port: $((BASE + 2)), ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true, max_stanza_size: 262144, access: c2s}
  - {port: $((BASE + 3)), ip: "127.0.0.1", module: ejabberd_c2s, tls: true, max_stanza_size: 262144, access: c2s}
  - port: $BASE
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: {/xmpp-websocket: ejabberd_http_ws, /upload: mod_http_upload}
acl:
  local: {user_regexp: ""}
  admin: {user: ["admin@localhost"]}
access_rules:
  c2s: {allow: all}
  local: {allow: local}
  configure: {allow: admin}
shaper_rules: {}
modules:
  mod_admin_extra: {}
  mod_avatar: {}
  mod_blocking: {}
  mod_caps: {}
  mod_carboncopy: {}
  mod_client_state: {}
  mod_disco: {$(contact)}
  mod_http_upload:
    host: upload.localhost
    put_url: "http://127.0.0.1:$BASE/upload"
    docroot: "$STATE/upload"
    max_size: $UPLOAD_LIMIT
  mod_last: {}
  mod_mam: {default: $archive, request_activates_archiving: false, compress_xml: false}
  mod_muc:
    host: rooms.localhost
    access_admin: {allow: admin}
    access_create: local
    access_persistent: local
    access_mam: {allow: all}
    default_room_options: {mam: true, persistent: true}
  mod_muc_admin: {}
  mod_offline: {use_mam_for_storage: false}
  mod_ping: {}
  mod_privacy: {}
  mod_private: {}
  mod_pubsub:
    host: pubsub.localhost
    access_createnode: local
    plugins: [flat, pep]
    force_node_config:
      "eu.siacs.conversations.axolotl.*": {access_model: open}
      "storage:bookmarks": {access_model: whitelist}
  mod_push: {}
  mod_register: {ip_access: all}
  mod_roster: {versioning: true}
  mod_stream_mgmt: {resend_on_timeout: if_offline, $resume}
  mod_vcard: {host: search.localhost, search: true, allow_return_all: true, matches: infinity}
  mod_vcard_xupdate: {}
  mod_version: {}
YML
}

start() {
  local lib boot='ok'
  command -v erl >/dev/null || die 'ejabberd is not installed'
  lib=$(dpkg -L ejabberd | sed -n 's|/ejabberd-[^/]*/ebin$||p' | sed -n 1p)
  mkdir -p "$STATE/mnesia" "$STATE/log" "$STATE/upload"
  BOOTED=$STATE/booted LOG=$STATE/log/stdout.log
  rm -f "$BOOTED"
  # One node alone needs no Erlang distribution: no epmd, no extra port, and names are not looked up anywhere.
  printf '{lookup, ["file", "native"]}.\n{host, {127,0,0,1}, ["localhost"]}.\n' > "$STATE/inetrc"
  boot="try {ok, _} = application:ensure_all_started(ejabberd), ok = file:write_file(\"$BOOTED\", <<>>)
    catch C:R:S -> io:format(standard_error, \"~p~n\", [{C, R, S}]), halt(1) end."
  EJABBERD_CONFIG_PATH=$STATE/ejabberd.yml EJABBERD_LOG_PATH=$STATE/log/ejabberd.log \
    ERL_LIBS=$lib ERL_INETRC=$STATE/inetrc ERL_CRASH_DUMP=$STATE/log/erl_crash.dump HOME=${HOME:-$STATE} \
    setpriv --pdeathsig TERM erl -noinput +K true +Bi -mnesia dir "\"$STATE/mnesia\"" -eval "$boot" \
    > "$LOG" 2>&1 9>&- &
  PID=$!
}
