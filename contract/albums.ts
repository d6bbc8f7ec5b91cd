import * as v from 'valibot';
import { event, method } from './define.ts';
import {
  attachmentId,
  conversationId,
  messageId,
  type AttachmentId,
  type ConversationId,
  type MessageId,
} from './ids.ts';

/** Photos that can be sent at once. */
export const maxPhotos = 100;

/** What a message says of the album it is part of. */
export interface AlbumPart {
  /** Made by the sender; the same on all of the album's messages. */
  readonly id: string;
  /** From 0. */
  readonly index: number;
  /** How many photos the sender put into it, 2 to `maxPhotos`. */
  readonly count: number;
  /** The caption of the whole album, on the message that brought it; '' on the others. */
  readonly caption: string;
}

/** A photo of a conversation, as the viewer needs it. */
export interface ViewedPhoto {
  readonly id: AttachmentId;
  readonly messageId: MessageId;
  readonly name: string;
  /** Its own caption. */
  readonly caption: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
  /** Who sent it, as shown. */
  readonly sender: string;
  readonly outgoing: boolean;
  /** Unix time, ms. */
  readonly sentAt: number;
  /** How many photos its album has; 0 where it is in none. */
  readonly album: number;
}

/** What became of "Save all". `download`: the page fetches one ZIP from this path. */
export type SavedAlbum =
  | { readonly kind: 'saved'; readonly count: number; readonly missing: number; readonly folder: string }
  | { readonly kind: 'download'; readonly path: string; readonly missing: number }
  | { readonly kind: 'cancelled' };

export const albums = {
  /** The caption of all photos that are chosen in a conversation; '' when there is none. */
  'albums.caption': method<string>()(v.object({ conversationId })),
  'albums.setCaption': method()(v.object({ conversationId, caption: v.pipe(v.string(), v.maxLength(4000)) })),
  /** Stops what `photos.send` is preparing, which then rejects with `cancelled`; nothing has gone out. */
  'albums.cancelSend': method()(v.object({ conversationId })),
  /** A photo that is here with those before and after it in the conversation. Throws not-found. */
  'albums.around': method<{
    items: readonly ViewedPhoto[];
    hasOlder: boolean;
    hasNewer: boolean;
  }>()(
    v.object({
      conversationId,
      id: attachmentId,
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
    }),
  ),
  /** All photos of the album that a message is part of, as far as they are here. Throws not-found, disk-full. */
  'albums.save': method<SavedAlbum>()(v.object({ id: messageId })),
  /** How far `photos.send` has come with preparing; null when it is not at it. */
  'albums.preparing': event<{
    conversationId: ConversationId;
    progress: { readonly done: number; readonly count: number } | null;
  }>(),
};
