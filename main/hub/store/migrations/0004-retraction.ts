/**
 * Which id a message was sent with, so that its author can take it back; rows of before have none and are looked
 * through. `upload_use`: which messages of its uploader name an upload.
 */
export const retraction = `
ALTER TABLE archive ADD COLUMN message_id TEXT;
CREATE INDEX archive_by_message ON archive (user, peer, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX archive_unnamed ON archive (user, peer) WHERE message_id IS NULL;

CREATE TABLE upload_use (
  token TEXT NOT NULL,
  archive_id INTEGER NOT NULL REFERENCES archive(id) ON DELETE CASCADE,
  PRIMARY KEY (token, archive_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_use_by_message ON upload_use (archive_id);
`;
