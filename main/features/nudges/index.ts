import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
import type { NudgeKind } from '../../../contract/nudges.ts';
import {
  conversationById,
  exchanged,
  hasOptedOut,
  noteNudge,
  noteOptOut,
  nudgesGiven,
  type InboundRow,
  type WritableDb,
} from '../../store/index.ts';
import type { BeforeSending, Sending } from '../groups/before-sending.ts';
import { nudgeFor } from './judge.ts';
import { saysStop } from './opt-out.ts';

/** A gentle word beside what is being written (docs/mechanisms/nudges.md). */
export interface Nudges {
  /**
   * Throws what a group refuses, and `nudge` for words that hurt, unless `anyway`. What else was said counts as said
   * once it was sent.
   */
  before(message: Sending & { anyway: boolean }): void;
  /** Takes note of a STOP. */
  received(row: Pick<InboundRow, 'outgoing' | 'senderAddress' | 'text' | 'sentAt'>): void;
  readonly handlers: Pick<Handlers, 'nudges.look' | 'nudges.optedOut'>;
}

export function createNudges(o: { db: WritableDb; enabled(): boolean; refuse?: BeforeSending }): Nudges {
  const { db } = o;
  const look = (conversationId: ConversationId, text: string): NudgeKind | null => {
    if (!o.enabled() || conversationById(db, conversationId)?.kind !== 'direct') return null;
    return nudgeFor({ ...exchanged(db, conversationId), text, given: nudgesGiven(db, conversationId) });
  };
  return {
    before: ({ anyway, ...message }) => {
      o.refuse?.(message);
      const { conversationId, text } = message;
      const kind = look(conversationId, text);
      if (kind === 'abusive' && !anyway) throw new PostcardError('nudge', { kind });
      if (kind !== null && kind !== 'abusive') noteNudge(db, conversationId, kind);
    },
    received: (row) => {
      if (!row.outgoing && saysStop(row.text)) noteOptOut(db, row.senderAddress, row.sentAt);
    },
    handlers: {
      'nudges.look': ({ conversationId, text }) => look(conversationId, text),
      'nudges.optedOut': ({ address }) => hasOptedOut(db, address),
    },
  };
}
