import { maxPhotos } from '../../../contract/albums.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { startOfDay } from '../../format/times.ts';

/** One line of a conversation: a message, a day's heading, or the divider before what is new. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: 'unread' }
  | AlbumRow
  | {
      readonly kind: 'message';
      readonly key: number | string;
      readonly message: Message;
      /** Whether it begins and ends what one person wrote in a row. */
      readonly first: boolean;
      readonly last: boolean;
    };

/** Photos of one album that stand next to each other. */
interface AlbumRow {
  readonly kind: 'album';
  readonly key: string;
  readonly messages: readonly Message[];
  readonly first: boolean;
  readonly last: boolean;
}

/** Messages of one person closer together than this (ms) stand together. */
const togetherMs = 5 * 60_000;

const together = (a: Message, b: Message): boolean =>
  a.outgoing === b.outgoing &&
  a.sender.address === b.sender.address &&
  Math.abs(b.sentAt - a.sentAt) < togetherMs &&
  startOfDay(a.sentAt) === startOfDay(b.sentAt);

/** Whether a message is shown as one of an album's photos. */
const isTile = ({ album, attachments, unsent, replyTo }: Message): boolean =>
  album !== null &&
  !unsent &&
  replyTo === null &&
  attachments.length === 1 &&
  attachments[0]?.kind === 'photo';

/** An album is one sender's alone, whoever else uses its id. */
const sameAlbum = (a: Message, b: Message): boolean =>
  a.album?.id === b.album?.id && a.outgoing === b.outgoing && a.sender.address === b.sender.address;

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
    const first = newDay || divider || !before || !together(before, message);
    const last = !after || after.id === firstUnread || !together(message, after);
    before = message;
    if (!isTile(message)) {
      rows.push({ kind: 'message', key: keyOf(message), message, first, last });
      continue;
    }
    const open = rows.at(-1);
    const ahead = open?.kind === 'album' ? open.messages.at(-1) : undefined;
    if (open?.kind === 'album' && ahead && sameAlbum(ahead, message) && open.messages.length < maxPhotos)
      rows[rows.length - 1] = { ...open, messages: [...open.messages, message], last };
    else rows.push({ kind: 'album', key: albumKey(rows, message), messages: [message], first, last });
  }
  return rows;
}

/** The same when older photos of it come in; another one for what stands further on with the same id. */
function albumKey(rows: readonly Row[], { album, sender }: Message): string {
  const key = `album-${sender.address}-${album?.id}`;
  const twins = rows.filter((row) => row.kind === 'album' && row.key.startsWith(key)).length;
  return twins === 0 ? key : `${key} ${twins}`;
}
