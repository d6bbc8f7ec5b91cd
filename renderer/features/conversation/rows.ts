import type { MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { startOfDay } from '../../format/times.ts';

/** One line of a conversation: a message, a day's heading, or the divider before what is new. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: 'unread' }
  | {
      readonly kind: 'message';
      readonly key: number | string;
      readonly message: Message;
      /** Whether it begins and ends what one person wrote in a row. */
      readonly first: boolean;
      readonly last: boolean;
    };

/** Messages of one person closer together than this (ms) stand together. */
const togetherMs = 5 * 60_000;

const together = (a: Message, b: Message): boolean =>
  a.outgoing === b.outgoing &&
  a.sender.address === b.sender.address &&
  Math.abs(b.sentAt - a.sentAt) < togetherMs &&
  startOfDay(a.sentAt) === startOfDay(b.sentAt);

/**
 * What stands between and around `messages` (in order). `keyOf` keeps the element of a message that was shown
 * before the core had given it its id.
 */
export function rowsOf(
  messages: readonly Message[],
  firstUnread: MessageId | null,
  keyOf: (message: Message) => number | string = ({ id }) => id,
): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  for (const [index, message] of messages.entries()) {
    const newDay = !before || startOfDay(before.sentAt) !== startOfDay(message.sentAt);
    // Named by the message under it: clocks that were wrong can bring the same day twice.
    if (newDay) rows.push({ kind: 'day', key: `day-${keyOf(message)}`, time: message.sentAt });
    const divider = message.id === firstUnread;
    if (divider) rows.push({ kind: 'unread', key: 'unread' });
    const after = messages[index + 1];
    rows.push({
      kind: 'message',
      key: keyOf(message),
      message,
      first: newDay || divider || !before || !together(before, message),
      last: !after || after.id === firstUnread || !together(message, after),
    });
    before = message;
  }
  return rows;
}
