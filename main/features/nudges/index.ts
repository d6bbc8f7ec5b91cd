import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
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
import { nudgeFor } from './judge.ts';
import { saysStop } from './opt-out.ts';

/** A gentle word before sending (docs/mechanisms/nudges.md). */
export interface Nudges {
  /** Throws `nudge` {kind} when there is something to say first, once for each situation. */
  before(message: { conversationId: ConversationId; text: string; anyway: boolean }): void;
  /** Takes note of a STOP. */
  received(row: Pick<InboundRow, 'outgoing' | 'senderAddress' | 'text' | 'sentAt'>): void;
  readonly handlers: Pick<Handlers, 'nudges.optedOut'>;
}

export function createNudges(o: { db: WritableDb; enabled(): boolean }): Nudges {
  const { db } = o;
  return {
    before: ({ conversationId, text, anyway }) => {
      if (!o.enabled() || anyway || conversationById(db, conversationId)?.kind !== 'direct') return;
      const kind = nudgeFor({
        ...exchanged(db, conversationId),
        enabled: true,
        anyway,
        text,
        given: nudgesGiven(db, conversationId),
      });
      if (kind === null) return;
      if (kind !== 'abusive') noteNudge(db, conversationId, kind);
      throw new PostcardError('nudge', { kind });
    },
    received: (row) => {
      if (!row.outgoing && saysStop(row.text)) noteOptOut(db, row.senderAddress, row.sentAt);
    },
    handlers: { 'nudges.optedOut': ({ address }) => hasOptedOut(db, address) },
  };
}
