import {
  findTargets,
  noteRef,
  type GroupRef,
  type InboundRow,
  type Target,
  type WritableDb,
} from '../../store/index.ts';
import { captionIdOf, type InboundMessage } from '../../xmpp/index.ts';
import { senderOf } from '../effects/arrived.ts';
import { isAuthor } from '../effects/rules.ts';
import { contentOf, hasContent } from '../inbound-row.ts';
import { received } from './mentions.ts';

/** Notes that stand with a text and are messages; all others are none. */
const shown = new Set(['poll', 'box']);

/** A message of somebody for everybody: what the room itself says is none, nor are notes. */
export const isForGroup = (m: InboundMessage): boolean =>
  m.effect === null &&
  m.room !== undefined &&
  !m.room.byRoom &&
  (m.note === undefined || shown.has(m.note.kind)) &&
  hasContent(m);

/**
 * What the room calls the message that repeats a caption for other apps: by that its author or a moderator takes it back.
 * Others name theirs as they like; the room gives each its own id.
 */
export function noteCaption(db: WritableDb, m: InboundMessage, { conversationId }: GroupRef): void {
  const { captionOf, stanzaId } = m;
  if (captionOf === undefined || stanzaId === null) return;
  const theirs = (target: Target) => (m.outgoing ? target.outgoing : isAuthor(target, senderOf(m)));
  const photo = findTargets(db, conversationId, captionOf).find(theirs);
  const wireId = m.outgoing ? captionIdOf(captionOf) : stanzaId;
  if (photo && !photo.unsent) noteRef(db, photo.id, { wireId, stanzaId });
}

/** What the store keeps of it. `folded`: somebody wrote it whom I block. */
export function groupRow(
  m: InboundMessage,
  group: GroupRef,
  o: { ownAddress: string; folded: boolean },
): InboundRow {
  const content = contentOf(m);
  const mentions = received(content.text, {
    told: m.files.length === 0 ? (m.mentions ?? []) : [],
    own: o.ownAddress,
    nick: m.outgoing ? '' : group.nick,
  });
  return {
    ...content,
    conversationId: group.conversationId,
    // The author that is said is an occupant: the room's id alone says which message is meant.
    reply: m.reply ? { ref: m.reply.id, author: null } : null,
    ...(m.room ? { occupant: { nick: m.room.nick, occupantId: m.room.occupantId } } : {}),
    ...(mentions.length > 0 ? { mentions } : {}),
    ...(o.folded ? { folded: true } : {}),
  };
}
