import * as v from 'valibot';
import { event, method } from './define.ts';
import {
  attachmentId,
  conversationId,
  fileSource,
  stagedFileId,
  type AttachmentId,
  type ConversationId,
  type StagedFileId,
} from './ids.ts';
import { anyway, type Message } from './messages.ts';

/** A video, a piece of music or any other file that was chosen for a conversation and not sent yet. */
export interface StagedFile {
  readonly id: StagedFileId;
  readonly conversationId: ConversationId;
  readonly kind: 'video' | 'audio' | 'file';
  readonly name: string;
  /** Measured. */
  readonly mediaType: string;
  /** Bytes. */
  readonly bytes: number;
  /** px, as shown; null when unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** ms; null when unknown. */
  readonly durationMs: number | null;
  /** It tells where it was made. */
  readonly hasLocation: boolean;
  readonly caption: string;
}

const caption = v.pipe(v.string(), v.maxLength(4000));
const px = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));

export const files = {
  /** Bytes the server takes in one file; null while that is not known. */
  'files.limit': method<number | null>()(v.object({})),
  /** Copies a chosen file in and looks at it. Errors: file-missing, file-empty, file-broken, file-too-large, disk-full. */
  'files.stage': method<StagedFile>()(v.object({ conversationId, source: fileSource })),
  /** In the order they were chosen. */
  'files.staged': method<readonly StagedFile[]>()(v.object({ conversationId })),
  /** The picture that stands for a video, as the page drew it (JPEG), and the video's own size. */
  'files.setPoster': method()(v.object({ id: stagedFileId, source: fileSource, width: px, height: px })),
  'files.setCaption': method()(v.object({ id: stagedFileId, caption })),
  'files.unstage': method()(v.object({ id: stagedFileId })),
  /** Sends what is staged in this conversation, a message each. Throws `nudge`, file-too-large. */
  'files.send': method<readonly Message[]>()(
    v.object({ conversationId, keepLocation: v.optional(v.boolean(), false), anyway }),
  ),
  /** Stops a download under way; it waits for a click again. */
  'attachments.cancel': method()(v.object({ id: attachmentId })),
  'files.stagedChanged': event<{ conversationId: ConversationId; items: readonly StagedFile[] }>(),
  /** Bytes so far, and in all where that is known. */
  'attachments.progress': event<{ id: AttachmentId; received: number; total: number | null }>(),
};
