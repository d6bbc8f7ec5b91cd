/**
 * Rooms (XEP-0045). `room_person`: everybody a room knows, banned people too; `since` is the last message before they
 * joined, null until they did. Ids of the archive are never given twice.
 */
export const rooms = `
CREATE TABLE room (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  configured INTEGER NOT NULL,
  persistent INTEGER NOT NULL,
  config TEXT NOT NULL,
  subject TEXT
) STRICT;

CREATE TABLE room_person (
  room INTEGER NOT NULL REFERENCES room(id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  affiliation TEXT NOT NULL,
  nick TEXT NOT NULL,
  since INTEGER,
  muted INTEGER NOT NULL,
  invited_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_person_by_user ON room_person (user, affiliation);

CREATE TABLE room_archive (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room INTEGER NOT NULL REFERENCES room(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  occupant TEXT NOT NULL,
  nick TEXT NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX room_archive_by_room ON room_archive (room, id);
CREATE INDEX room_archive_by_time ON room_archive (room, at);
CREATE INDEX room_archive_by_nick ON room_archive (room, nick, id);
`;
