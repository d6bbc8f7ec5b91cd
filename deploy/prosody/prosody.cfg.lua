-- Prosody 13.0 or newer with prosody-modules, for Postcard. Replace example.org; see deploy/README.md.
admins = { "admin@example.org" }

modules_enabled = {
  "roster"; "saslauth"; "tls"; "disco"; "carbons"; "pep"; "private"; "blocklist"; "bookmarks";
  "vcard4"; "vcard_legacy"; "version"; "time"; "ping"; "mam"; "csi_simple"; "smacks"; "websocket"; "offline";
  "tombstones"; "limits"; "user_account_management"; "server_contact_info"; "cloud_notify";
  -- Reports of abuse reach the administrators as messages.
  "spam_reporting"; "watch_spam_reports";
}
-- Everybody on this server only. To write to people of other servers: remove this, and open port 5269.
modules_disabled = { "s2s" }

-- Who may make an account: nobody but the administrator (prosodyctl register). To open it to everybody: true, and
-- "register_ibr", "register_limits" and "watchregistrations" above.
allow_registration = false
contact_info = { abuse = { "xmpp:admin@example.org" } }

c2s_require_encryption = true
c2s_ports = { 5222 }
c2s_direct_tls_ports = { 5223 }
authentication = "internal_hashed"
password_hash = "SHA-256"

-- One file, no other program.
storage = "sql"
sql = { driver = "SQLite3", database = "prosody.sqlite" }
archive_expires_after = "1y"
default_archive_policy = true
max_archive_query_results = 250

-- A lost connection can be taken up again for so long, in seconds.
smacks_hibernation_time = 600
limits = { c2s = { rate = "50kb/s"; burst = "4s" } }

http_ports = { }
https_ports = { 5443 }
http_host = "example.org"
http_external_url = "https://example.org:5443/"

certificates = "/etc/prosody/certs"
ssl = { certificate = "/etc/prosody/certs/fullchain.pem"; key = "/etc/prosody/certs/privkey.pem" }
https_ssl = { certificate = "/etc/prosody/certs/fullchain.pem"; key = "/etc/prosody/certs/privkey.pem" }
log = { warn = "*console" }

VirtualHost "example.org"
  disco_items = { { "upload.example.org", "Uploads" }; { "rooms.example.org", "Groups" } }

Component "upload.example.org" "http_file_share"
  http_file_share_size_limit = 100 * 1024 * 1024
  http_file_share_daily_quota = 1024 * 1024 * 1024
  http_file_share_expires_after = 90 * 86400

Component "rooms.example.org" "muc"
  modules_enabled = { "muc_mam"; "muc_moderation" }
  restrict_room_creation = "local"
  muc_log_by_default = true
  muc_room_default_persistent = true
  muc_room_default_members_only = true
