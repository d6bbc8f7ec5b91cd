/**
 * Which messages in rooms name an upload of who wrote them, as `upload_use` for the archives of accounts. What was
 * written before is looked through once: rows that name no upload at all are left out first, and are nearly all.
 */
export const roomUploads = `
CREATE TABLE room_upload_use (
  token TEXT NOT NULL,
  archive_id INTEGER NOT NULL REFERENCES room_archive(id) ON DELETE CASCADE,
  PRIMARY KEY (token, archive_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_upload_use_by_message ON room_upload_use (archive_id);

INSERT INTO room_upload_use (token, archive_id)
  WITH naming AS MATERIALIZED (SELECT id, xml FROM room_archive WHERE instr(xml, '/upload/') > 0)
  SELECT u.token, a.id FROM naming a CROSS JOIN upload u
   WHERE instr(a.xml, '/upload/' || u.token || '/') > 0 AND instr(a.xml, 'jid="' || u.user || '@localhost"') > 0;
`;
