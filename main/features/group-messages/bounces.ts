import type { ErrorCode } from '../../../contract/errors.ts';
import {
  durably,
  markBounced,
  outboxByOriginId,
  requeue,
  slowModeOf,
  type OutboxRow,
  type WritableDb,
} from '../../store/index.ts';
import type { Bounce } from '../../xmpp/index.ts';

/** How often a room may say that it does not know me before one message to it has failed. */
const MOST_TRIES = 3;

/**
 * A room refused a message of mine (XEP-0045 section 7.4). Counts only until the room's own copy of it has come: what
 * claims to be its error afterwards is somebody's in it. Undefined: it is no message to a group of mine.
 */
export function bouncedByRoom(
  db: WritableDb,
  bounce: Bounce,
  doubt: (room: string) => void,
): { conversationId: OutboxRow['conversationId']; id: OutboxRow['messageId'] } | undefined {
  const row = outboxByOriginId(db, bounce.id);
  if (!row || row.group === null || row.address !== bounce.from) return undefined;
  const { conversationId, messageId: id } = row;
  // It does not know me any more: once I am in again it goes once more.
  if (bounce.condition === 'not-acceptable' && row.attempts < MOST_TRIES) {
    durably(db, () => requeue(db, [id]));
    doubt(row.address);
  } else {
    const { code, detail } = codeOf(bounce, slowModeOf(db, conversationId));
    markBounced(db, { address: bounce.from, originId: bounce.id, code, detail });
  }
  return { conversationId, id };
}

/** RFC 6120 section 8.3.3 conditions as rooms use them (XEP-0045 sections 7.4, 7.5, 13.6). */
const codes: Readonly<Record<string, ErrorCode>> = {
  forbidden: 'forbidden',
  'not-allowed': 'forbidden',
  'policy-violation': 'forbidden',
  'registration-required': 'forbidden',
  'item-not-found': 'group-not-found',
  gone: 'group-not-found',
};

function codeOf(
  { condition, code, text }: Bounce,
  seconds: number,
): { code: ErrorCode; detail: Record<string, string | number> } {
  // Else it is a limit of the server's own, on floods.
  if (condition === 'resource-constraint' && seconds > 0) return { code: 'slow-mode', detail: { seconds } };
  // What the connection tells more precisely, counts.
  const said = code === 'not-delivered' || code === 'not-found' ? codes[condition] : undefined;
  return {
    code: said ?? code,
    detail: { condition, ...(text === null ? {} : { text: text.slice(0, 200) }) },
  };
}
