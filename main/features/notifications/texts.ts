import type { Message } from '../../../contract/messages.ts';
import type { Settings } from '../../../contract/settings.ts';

/** The words of notifications; a window may not be open to find them in. */
export const words = {
  app: 'Postcard',
  message: 'New message',
  reaction: 'New reaction',
  photo: 'Photo',
  sticker: 'Sticker',
  reply: 'Reply',
  markRead: 'Mark as read',
} as const;

/** Of a notification from a group. */
export const inGroup = (sender: string, group: string): string => `${sender} in ${group}`;

/** Characters of a body; systems cut longer ones anyhow. */
const MAX_BODY = 200;

/** What a notification says, as much as is wanted of it. */
export function wordsOf(
  wanted: Settings['notificationText'],
  conversation: { readonly name: string },
  message: Pick<Message, 'text' | 'attachments' | 'sticker'>,
): { title: string; body: string } {
  if (wanted === 'nothing') return { title: words.app, body: words.message };
  if (wanted === 'name') return { title: conversation.name, body: words.message };
  const { sticker } = message;
  if (sticker)
    return {
      title: conversation.name,
      body: `${sticker.emoji} ${sticker.description}`.trim() || words.sticker,
    };
  const photo = message.attachments.length > 0 ? words.photo : '';
  const text = [photo, message.text].filter(Boolean).join(': ');
  return { title: conversation.name, body: [...text].slice(0, MAX_BODY).join('') };
}
