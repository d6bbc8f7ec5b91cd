import * as v from 'valibot';

/** Row ids of this account's own database; they mean nothing elsewhere. */
const rowId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const conversationId = v.pipe(rowId, v.brand('ConversationId'));
export type ConversationId = v.InferOutput<typeof conversationId>;

export const messageId = v.pipe(rowId, v.brand('MessageId'));
export type MessageId = v.InferOutput<typeof messageId>;

export const attachmentId = v.pipe(rowId, v.brand('AttachmentId'));
export type AttachmentId = v.InferOutput<typeof attachmentId>;

export const stagedPhotoId = v.pipe(rowId, v.brand('StagedPhotoId'));
export type StagedPhotoId = v.InferOutput<typeof stagedPhotoId>;

export const stagedFileId = v.pipe(rowId, v.brand('StagedFileId'));
export type StagedFileId = v.InferOutput<typeof stagedFileId>;

/** A bare XMPP address (RFC 7622), at most 3071 bytes. */
export const address = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(3071));

/**
 * Where a chosen file is. `path`: an absolute path on this computer (Electron, from the file input or a drop).
 * `upload`: the id that `POST /staged` answered with (pasted pictures, and every file in the browser host).
 */
export const fileSource = v.variant('kind', [
  v.object({ kind: v.literal('path'), path: v.pipe(v.string(), v.nonEmpty(), v.maxLength(32_767)) }),
  v.object({
    kind: v.literal('upload'),
    id: v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/)),
    name: v.pipe(v.string(), v.maxLength(1024)),
  }),
]);
export type FileSource = v.InferOutput<typeof fileSource>;

/** A square of a picture, upright: its centre and its side as shares of the width, the height and the shorter side. */
export const pictureCrop = v.object({
  x: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  y: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  side: v.pipe(v.number(), v.minValue(0.01), v.maxValue(1)),
});
export type PictureCrop = v.InferOutput<typeof pictureCrop>;
