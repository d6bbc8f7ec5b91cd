import {
  dropCorrection,
  durably,
  isUnsent,
  requeueEffect,
  type OutgoingEffect,
  type WritableDb,
} from '../../store/index.ts';
import type { Bounce, OutboundEffect } from '../../xmpp/index.ts';
import { renameMentions } from '../group-messages/mentions-written.ts';
import type { Applied } from './types.ts';

/** How often a room that does not know me is told the same. */
const MOST_TRIES = 3;
/** What rooms were told lately is remembered so far back. */
const MOST_TOLD = 500;

/** What rooms were told lately: what one of them says about it names it by its id alone. */
export class ToldRooms {
  readonly #told = new Map<string, { readonly row: OutgoingEffect; readonly tries: number }>();

  note(row: OutgoingEffect): void {
    const tries = (this.#told.get(row.originId)?.tries ?? 0) + 1;
    this.#told.delete(row.originId);
    this.#told.set(row.originId, { row, tries });
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST_TOLD && oldest !== undefined) this.#told.delete(oldest);
  }

  /**
   * A room refused a change of mine (XEP-0045 section 7.4): an edit is undone here; what was unsent cannot come back.
   * `again`: the room does not know me, and is told once more when I am in. null: it is nothing of that.
   */
  refused(db: WritableDb, { id, from, condition }: Bounce): Applied | 'again' | null {
    const told = this.#told.get(id);
    const row = told?.row.address === from ? told.row : null;
    // Written by `Effects.own` alone.
    const effect = row === null ? null : (JSON.parse(row.effect) as OutboundEffect);
    const known = told !== undefined && row !== null && effect !== null;
    if (known && condition === 'not-acceptable' && told.tries < MOST_TRIES) {
      if (effect.kind !== 'unsend' && isUnsent(db, row.messageId)) return null;
      durably(db, () => requeueEffect(db, row));
      return 'again';
    }
    this.#told.delete(id);
    if (known && effect.kind === 'unsend' && !effect.silent)
      return { conversationId: row.conversationId, id: row.messageId, kind: 'unsend' };
    return undone(db, { room: from, correctionId: id });
  }
}

function undone(db: WritableDb, o: { room: string; correctionId: string }): Applied | null {
  const found = durably(db, () => {
    const dropped = dropCorrection(db, o);
    if (dropped) renameMentions(db, dropped.conversationId, dropped.id, dropped.text);
    return dropped;
  });
  return found && { conversationId: found.conversationId, id: found.id, kind: 'edit' };
}
