import * as v from 'valibot';
import { addLogEntry, messageOfStanza, rankIn, roomByAddress } from '../../store/index.ts';
import { cleanText } from '../plain-text.ts';
import { reportNote } from './group-notes.ts';
import { parseJson } from './policy-schema.ts';
import type { GroupParts, Told } from './parts.ts';

const REASON = 500;
const directReport = v.object({ ...reportNote.entries, room: v.pipe(v.string(), v.maxLength(3071)) });

/**
 * Reports that come to each moderator by themselves, where a note to the room would tell everybody who reports whom.
 * They count from people of that group; they are no messages, and nobody is let in by one.
 */
export function readDirectReports(o: GroupParts & { told: Told; isBlocked(address: string): boolean }): void {
  o.connection.listen({
    onMessage: (m) => {
      const { note } = m;
      if (note?.family !== 'groups' || note.kind !== 'report' || m.room !== undefined || m.outgoing) return;
      const said = v.safeParse(directReport, parseJson(note.json));
      const room = said.success ? roomByAddress(o.db, said.output.room) : null;
      if (!said.success || room === null || o.isBlocked(m.from)) return;
      const from = rankIn(o.db, room.conversationId, m.from);
      const moderates = room.rank === 'owner' || room.rank === 'moderator';
      if (!moderates || from === 'none' || from === 'banned') return;
      const added = addLogEntry(o.db, room.conversationId, {
        entryId: `o:${m.from}:${m.originId ?? m.id ?? ''}`,
        what: 'reported',
        by: m.from,
        about: said.output.about,
        reason: cleanText(said.output.reason, REASON),
        at: m.sentAt,
        messageId: messageOfStanza(o.db, room.conversationId, said.output.message),
      });
      if (added) o.told.group(room.conversationId);
    },
  });
}
