/**
 * Who knows whom, and what is held back from those who don't. `acquaintance.state`: `asked`: the one text of a
 * stranger has been let through; `known`: the account let them in, by writing to them or by its roster. Everybody
 * who is in an archive or a roster by now is known.
 */
export const held = `
CREATE TABLE acquaintance (
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  peer TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'known')),
  PRIMARY KEY (user, peer)
) STRICT, WITHOUT ROWID;
CREATE INDEX acquaintance_by_peer ON acquaintance (peer);
INSERT INTO acquaintance (user, peer, state) SELECT DISTINCT user, peer, 'known' FROM archive;
INSERT OR IGNORE INTO acquaintance (user, peer, state)
  SELECT user, contact, 'known' FROM roster WHERE visible = 1 AND (sub_to = 1 OR ask = 1 OR sub_from = 0);

-- kind: message, photo (both counted), extra (belongs to another one: a caption, an edit).
CREATE TABLE held (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  peer TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('message', 'photo', 'extra')),
  chars INTEGER NOT NULL,
  xml TEXT NOT NULL
) STRICT;
CREATE INDEX held_by_peer ON held (user, peer, id, kind, chars);
CREATE INDEX held_from_peer ON held (peer);
`;
