import * as v from 'valibot';
import { method } from './define.ts';
import { conversationId, messageId, type AttachmentId, type MessageId } from './ids.ts';
import type { Message } from './messages.ts';

const galleryKind = v.picklist(['photos', 'videos', 'files', 'links']);
export type GalleryKind = v.InferOutput<typeof galleryKind>;

/** One thing of a conversation's gallery. */
export interface GalleryItem {
  readonly message: Message;
  /** Which of its attachments; null for links, which are in its text. */
  readonly attachment: AttachmentId | null;
}

/** One message in which a text was found; positions are those of `messages.page`. */
export interface Found {
  readonly id: MessageId;
  readonly position: string;
}

export const gallery = {
  /** Newest first. `before`: the cursor of the previous page. */
  'gallery.page': method<{ items: readonly GalleryItem[]; next: string | null }>()(
    v.object({
      conversationId,
      kind: galleryKind,
      before: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
    }),
  ),
  /** Messages of one conversation that contain the text, newest first. A page can be empty and still have a `next`. */
  'messages.find': method<{ items: readonly Found[]; next: string | null }>()(
    v.object({
      conversationId,
      query: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200)),
      before: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
    }),
  ),
  /** When a message came how far, Unix ms, as this device learnt it; null for what did not happen or is not known. */
  'messages.details': method<{
    readonly sent: number | null;
    readonly delivered: number | null;
    readonly read: number | null;
  }>()(v.object({ id: messageId })),
};
