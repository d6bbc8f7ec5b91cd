import type { ConversationId } from '../../contract/ids.ts';
import type { KeptVoice } from '../../contract/voice-notes.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, run } from './sql.ts';

/** A recording that has not been sent, as it is stored. */
export interface KeptVoiceRow extends KeptVoice {
  readonly mediaType: string;
  /** Base64 of its levels. */
  readonly waveform: string;
}

/** The recording of a conversation; null: none. */
export const keptVoice = (db: ReadableDb, id: ConversationId): KeptVoiceRow | null =>
  row<KeptVoiceRow>(
    db,
    `SELECT conversation_id AS conversationId, media_type AS mediaType, bytes, duration_ms AS durationMs, waveform,
            sha256
       FROM kept_voice WHERE conversation_id = ?`,
    id,
  ) ?? null;

/** Keeps a recording in the place of the one before. */
export function keepVoice(db: WritableDb, kept: KeptVoiceRow): void {
  run(
    db,
    `INSERT OR REPLACE INTO kept_voice (conversation_id, media_type, bytes, duration_ms, waveform, sha256)
     VALUES (?, ?, ?, ?, ?, ?)`,
    kept.conversationId,
    kept.mediaType,
    kept.bytes,
    kept.durationMs,
    kept.waveform,
    kept.sha256,
  );
}

/** False when there is none. */
export const dropVoice = (db: WritableDb, id: ConversationId): boolean =>
  run(db, 'DELETE FROM kept_voice WHERE conversation_id = ?', id) > 0;
