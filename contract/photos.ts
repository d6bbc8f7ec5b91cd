import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, fileSource, stagedPhotoId, type ConversationId, type StagedPhotoId } from './ids.ts';
import { anyway, type Message } from './messages.ts';

/** Long edge at most 2048 px, at most 4096 px, or the file as it is. */
export const qualities = ['standard', 'high', 'original'] as const;
export type Quality = (typeof qualities)[number];
export const quality = v.picklist(qualities);

/** A picture that was chosen for a conversation and not sent yet; it survives switching and restarting. */
export interface StagedPhoto {
  readonly id: StagedPhotoId;
  readonly conversationId: ConversationId;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes of the original. */
  readonly bytes: number;
  /** px, after orientation. */
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
  readonly hasLocation: boolean;
  readonly caption: string;
}

/** What would be sent. Shown from `/media/file/SHA256`. */
export interface PhotoResult {
  readonly sha256: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** Bit for bit the chosen file. */
  readonly unchanged: boolean;
}

export const photos = {
  /** Copies a chosen file in and looks at it. Errors: not-an-image, image-broken, image-too-large, … */
  'photos.stage': method<StagedPhoto>()(v.object({ conversationId, source: fileSource })),
  /** In order. Each is shown from `/media/staged/ID` (a thumbnail of 640 px). */
  'photos.staged': method<readonly StagedPhoto[]>()(v.object({ conversationId })),
  'photos.setCaption': method()(
    v.object({ id: stagedPhotoId, caption: v.pipe(v.string(), v.maxLength(4000)) }),
  ),
  'photos.reorder': method()(v.object({ conversationId, ids: v.array(stagedPhotoId) })),
  'photos.unstage': method()(v.object({ id: stagedPhotoId })),
  /** Encodes as it would be sent; the result is kept, so that sending does not do it again. */
  'photos.preview': method<PhotoResult>()(
    v.object({ id: stagedPhotoId, quality, keepLocation: v.boolean() }),
  ),
  /** Sends what is staged in this conversation, a message each, in order, with its captions. Throws `nudge`. */
  'photos.send': method<readonly Message[]>()(
    v.object({ conversationId, quality, keepLocation: v.boolean(), anyway }),
  ),
  'photos.stagedChanged': event<{ conversationId: ConversationId; items: readonly StagedPhoto[] }>(),
};
