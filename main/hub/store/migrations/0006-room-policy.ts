/**
 * What the hub does for the policy of a room: messages that wait for a moderator (`dropped`: one said no; the text is
 * gone, the id stays so that it does not come again), who has written there, and the room's picture.
 */
export const roomPolicy = `
CREATE TABLE room_held (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room INTEGER NOT NULL REFERENCES room(id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  message_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  why TEXT NOT NULL,
  xml TEXT NOT NULL,
  dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX room_held_message ON room_held (room, user, message_id);

CREATE TABLE room_card (
  room INTEGER PRIMARY KEY REFERENCES room(id) ON DELETE CASCADE,
  xml TEXT NOT NULL,
  hash TEXT
) STRICT;

ALTER TABLE room_person ADD COLUMN wrote INTEGER NOT NULL DEFAULT 0;
UPDATE room_person SET wrote = 1 WHERE nick <> '' AND EXISTS (
  SELECT 1 FROM room_archive a WHERE a.room = room_person.room AND a.nick = room_person.nick);
`;
