import type { AttachmentId, MessageId } from '../../contract/ids.ts';
import type { Attachment } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { parseProblem, problemText } from './problem.ts';
import type { AttachmentRow, NewAttachment, Problem } from './rows.ts';
import { row, rows, run, values } from './sql.ts';
import { transact } from './transaction.ts';

const columns = `id, message_id AS messageId, kind, name, media_type AS mediaType, bytes, width, height, thumbhash, url,
  remote_sha256 AS remoteSha256, local_sha256 AS localSha256, state, problem,
  duration_ms AS durationMs, waveform, animated`;

type Stored = Omit<AttachmentRow, 'problem' | 'animated'> & {
  readonly problem: string | null;
  readonly animated: number;
};

const toRow = (stored: Stored): AttachmentRow => ({
  ...stored,
  animated: stored.animated === 1,
  problem: parseProblem(stored.problem),
});

/** Without what only main needs. */
export function toAttachment(a: AttachmentRow): Attachment {
  const { messageId: _message, url: _url, remoteSha256: _remote, localSha256: _local, ...shown } = a;
  return shown;
}

/** Called by what inserts messages, in its transaction. */
export function insertAttachments(
  db: WritableDb,
  id: MessageId,
  attachments: readonly NewAttachment[],
): void {
  for (const a of attachments) {
    run(
      db,
      `INSERT INTO attachment (message_id, kind, name, media_type, bytes, width, height, thumbhash, url,
                               remote_sha256, local_sha256, state, duration_ms, waveform, animated)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      a.kind,
      a.name,
      a.mediaType,
      a.bytes ?? null,
      a.width ?? null,
      a.height ?? null,
      a.thumbhash ?? null,
      a.url ?? null,
      a.remoteSha256 ?? null,
      a.localSha256 ?? null,
      a.state ?? (a.localSha256 ? 'ready' : 'remote'),
      a.durationMs ?? null,
      a.waveform ?? null,
      a.animated ? 1 : 0,
    );
  }
}

export function attachmentById(db: ReadableDb, id: AttachmentId): AttachmentRow | null {
  const found = row<Stored>(db, `SELECT ${columns} FROM attachment WHERE id = ?`, id);
  return found ? toRow(found) : null;
}

/** In the order they were attached. */
export const attachmentsOfMessage = (db: ReadableDb, id: MessageId): AttachmentRow[] =>
  rows<Stored>(db, `SELECT ${columns} FROM attachment WHERE message_id = ? ORDER BY id`, id).map(toRow);

/** Those of many messages at once, by message. */
export function attachmentsOf(db: ReadableDb, ids: readonly MessageId[]): Map<MessageId, AttachmentRow[]> {
  const found = rows<Stored>(
    db,
    `SELECT ${columns} FROM attachment WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    JSON.stringify(ids),
  );
  return Map.groupBy(found.map(toRow), (a) => a.messageId);
}

/** `problem` goes with `failed`; it is forgotten in any other state. */
export function setAttachmentState(
  db: WritableDb,
  id: AttachmentId,
  state: Attachment['state'],
  problem?: Problem,
): void {
  const stored = state === 'failed' ? problemText(problem) : null;
  run(db, 'UPDATE attachment SET state = ?, problem = ? WHERE id = ?', state, stored, id);
}

export interface LocalFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** What it is, measured; what the sender said stays where this is left out. */
  readonly kind?: Attachment['kind'];
  readonly durationMs?: number | null;
  readonly animated?: boolean;
  /** px; null when not measured: what the sender said stays, unless nothing of it can be seen. */
  readonly width: number | null;
  readonly height: number | null;
  readonly thumbhash?: string | null;
}

/** It is in the media store now: `ready`, with what was measured. */
export function setLocalFile(db: WritableDb, id: AttachmentId, f: LocalFile): void {
  // Nothing of it is seen, whatever size was said.
  const unseen = f.kind === 'audio' || f.kind === 'voice' || f.kind === 'file';
  run(
    db,
    `UPDATE attachment SET local_sha256 = ?, bytes = ?, media_type = ?,
            width = coalesce(?, iif(?, NULL, width)), height = coalesce(?, iif(?, NULL, height)), thumbhash = coalesce(?, thumbhash), kind = coalesce(?, kind),
            duration_ms = coalesce(?, duration_ms), animated = ?, state = 'ready', problem = NULL
      WHERE id = ?`,
    f.sha256,
    f.bytes,
    f.mediaType,
    f.width,
    unseen ? 1 : 0,
    f.height,
    unseen ? 1 : 0,
    f.thumbhash ?? null,
    f.kind ?? null,
    f.durationMs ?? null,
    f.animated ? 1 : 0,
    id,
  );
  if (f.kind) moveInGallery(db, id);
}

/** It stands where it belongs by what it is. */
function moveInGallery(db: WritableDb, id: AttachmentId): void {
  run(
    db,
    `UPDATE media_item
        SET kind = (SELECT CASE kind WHEN 'photo' THEN 'photos' WHEN 'video' THEN 'videos' ELSE 'files' END
                      FROM attachment WHERE id = ?)
      WHERE message_id = (SELECT message_id FROM attachment WHERE id = ?) AND attachment_id = ?`,
    id,
    id,
    id,
  );
}

/** The upload's address. When it was the message's last one, its outbox row becomes `ready`. */
export function setUploaded(db: WritableDb, id: AttachmentId, url: string): void {
  transact(db, () => {
    run(db, 'UPDATE attachment SET url = ? WHERE id = ?', url, id);
    run(
      db,
      `UPDATE outbox SET stage = 'ready', next_try = 0
        WHERE message_id = (SELECT message_id FROM attachment WHERE id = ?) AND stage = 'upload'
          AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = outbox.message_id AND a.url IS NULL)`,
      id,
    );
  });
}

/** Those in state `downloading`, newest first: also the ones a crash interrupted. */
export const attachmentsToDownload = (db: ReadableDb, limit: number): AttachmentRow[] =>
  rows<Stored>(
    db,
    `SELECT ${columns} FROM attachment WHERE state = 'downloading' ORDER BY id DESC LIMIT ?`,
    limit,
  ).map(toRow);

/** Every file of the media store that something refers to: attachments, staged photos, stickers, avatars, evidence. */
export const localFilesInUse = (db: ReadableDb): Set<string> =>
  new Set(
    values<string>(
      db,
      `SELECT local_sha256 FROM attachment WHERE local_sha256 IS NOT NULL
       UNION SELECT sha256 FROM staged_photo
       UNION SELECT staged ->> '$.sha256' FROM held_photo
       UNION SELECT sha256 FROM staged_file
       UNION SELECT sha256 FROM kept_voice
       UNION SELECT sha256 FROM sticker
       UNION SELECT avatar_sha256 FROM person WHERE avatar_sha256 IS NOT NULL
       UNION SELECT picture_sha256 FROM room WHERE picture_sha256 IS NOT NULL
       UNION SELECT sha256 FROM incident_file`,
    ),
  );

/** Files that can be fetched again: received ones with an address, of which nothing else makes use. */
export const evictable = (db: ReadableDb): Set<string> =>
  new Set(
    values<string>(
      db,
      `SELECT a.local_sha256 FROM attachment a JOIN message m ON m.id = a.message_id
        WHERE a.local_sha256 IS NOT NULL
        GROUP BY a.local_sha256 HAVING max(m.outgoing) = 0 AND count(*) = count(a.url)
       EXCEPT SELECT sha256 FROM staged_photo
       EXCEPT SELECT staged ->> '$.sha256' FROM held_photo
       EXCEPT SELECT sha256 FROM staged_file
       EXCEPT SELECT sha256 FROM kept_voice
       EXCEPT SELECT sha256 FROM sticker
       EXCEPT SELECT avatar_sha256 FROM person WHERE avatar_sha256 IS NOT NULL
       EXCEPT SELECT picture_sha256 FROM room WHERE picture_sha256 IS NOT NULL
       EXCEPT SELECT sha256 FROM incident_file`,
    ),
  );

/** The file is gone from the media store: attachments with an address are `remote` again. Returns their messages. */
export function markEvicted(db: WritableDb, sha256: string): MessageId[] {
  return transact(db, () => {
    const ids = values<MessageId>(
      db,
      'SELECT DISTINCT message_id FROM attachment WHERE local_sha256 = ? AND url IS NOT NULL',
      sha256,
    );
    run(
      db,
      `UPDATE attachment SET local_sha256 = NULL, state = 'remote', problem = NULL
        WHERE local_sha256 = ? AND url IS NOT NULL`,
      sha256,
    );
    return ids;
  });
}
