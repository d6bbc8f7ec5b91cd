/** Slow mode: when somebody wrote last, and the id it had there (a caption that follows is part of it). */
export const roomLastPost = `
CREATE TABLE room_last_post (
  room INTEGER NOT NULL REFERENCES room(id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES account(user) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;
`;
