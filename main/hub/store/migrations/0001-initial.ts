/** The first shape of the hub's file. Everything of an account goes with the account's row. */
export const initial = `
CREATE TABLE account (
  user TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The assistant has an account but no credential, so nobody can log in as it.
CREATE TABLE credential (
  user TEXT NOT NULL PRIMARY KEY REFERENCES account(user) ON DELETE CASCADE,
  salt BLOB NOT NULL,
  iterations INTEGER NOT NULL,
  stored_key BLOB NOT NULL,
  server_key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Small per-account settings and private XML storage, one value a key.
CREATE TABLE setting (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (user, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  contact TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  groups TEXT NOT NULL DEFAULT '[]',
  sub_to INTEGER NOT NULL DEFAULT 0,
  sub_from INTEGER NOT NULL DEFAULT 0,
  ask INTEGER NOT NULL DEFAULT 0,
  request TEXT NOT NULL DEFAULT '',
  visible INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (user, contact)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: an archive id is never given twice, not even after its message was deleted.
CREATE TABLE archive (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  peer TEXT NOT NULL,
  peer_full TEXT NOT NULL,
  at INTEGER NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX archive_by_user ON archive (user, id);
CREATE INDEX archive_by_peer ON archive (user, peer, id);
CREATE INDEX archive_by_time ON archive (user, at);

CREATE TABLE offline (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX offline_by_user ON offline (user, id);

-- How far a stream got (XEP-0198), so that a refused resumption can still say it.
CREATE TABLE stream (
  id TEXT NOT NULL PRIMARY KEY,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  handled INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_by_user ON stream (user, at);

CREATE TABLE vcard (
  user TEXT NOT NULL PRIMARY KEY REFERENCES account(user) ON DELETE CASCADE,
  xml TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names to find people by, gathered from the vCard, the vCard4 node and the nickname node.
CREATE TABLE directory (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  source TEXT NOT NULL,
  fn TEXT NOT NULL,
  nick TEXT NOT NULL,
  PRIMARY KEY (user, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE pep_node (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  node TEXT NOT NULL,
  access TEXT NOT NULL,
  max_items INTEGER NOT NULL,
  persist INTEGER NOT NULL,
  send_last TEXT NOT NULL,
  PRIMARY KEY (user, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE pep_item (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL,
  node TEXT NOT NULL,
  item TEXT NOT NULL,
  xml TEXT NOT NULL,
  FOREIGN KEY (user, node) REFERENCES pep_node(user, node) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX pep_item_by_id ON pep_item (user, node, item);
CREATE INDEX pep_item_by_age ON pep_item (user, node, seq);

CREATE TABLE privacy_list (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  name TEXT NOT NULL,
  items TEXT NOT NULL,
  PRIMARY KEY (user, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  jid TEXT NOT NULL,
  PRIMARY KEY (user, jid)
) STRICT, WITHOUT ROWID;

-- No foreign key on the reporter: a report stays when the reporter leaves.
CREATE TABLE report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  reporter TEXT NOT NULL,
  culprit TEXT NOT NULL,
  reason TEXT NOT NULL,
  xml TEXT NOT NULL
) STRICT;

-- state: open (nothing sent), busy (being sent), done. The file outlives the row only until the next start.
CREATE TABLE upload (
  token TEXT NOT NULL PRIMARY KEY,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_user ON upload (user, state);
CREATE INDEX upload_by_state ON upload (state, at);
`;
