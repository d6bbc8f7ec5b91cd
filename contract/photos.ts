import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, fileSource, stagedPhotoId, type ConversationId, type StagedPhotoId } from './ids.ts';
import { anyway, type Message } from './messages.ts';
import { photoRecipe, type PhotoRecipe } from './photo-recipe.ts';

/** Long edge at most 2048 px, at most 4096 px, or the file as it is. */
export const qualities = ['standard', 'high', 'original'] as const;
export type Quality = (typeof qualities)[number];
export const quality = v.picklist(qualities);

/**
 * What stays of what a file tells beside its pixels: nothing; copyright, author and date; all but the place; all.
 * How it is turned and its colour profile always stay, since it would look different without them.
 */
export const metadataProfiles = ['none', 'credit', 'all-but-location', 'all'] as const;
export type MetadataProfile = (typeof metadataProfiles)[number];
export const metadataProfile = v.picklist(metadataProfiles);

/** What was chosen last in a conversation. */
export interface PhotoChoice {
  readonly quality: Quality;
  readonly metadata: MetadataProfile;
}

/** How photos are to be sent. `sharpen`: mildly, where they become smaller. */
const sending = {
  quality,
  metadata: v.optional(metadataProfile, 'credit'),
  sharpen: v.optional(v.boolean(), true),
};

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
  /** How it is to be changed; null leaves it as it is. */
  readonly recipe: PhotoRecipe | null;
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
  /**
   * In order. Each is shown from `/media/staged/ID` (as it will be, 640 px), `/media/staged/ID/proxy` (as it was
   * chosen, 1600 px, for the editor) and `/media/staged/ID/original` (all pixels, cut and turned like the result).
   */
  'photos.staged': method<readonly StagedPhoto[]>()(v.object({ conversationId })),
  'photos.setCaption': method()(
    v.object({ id: stagedPhotoId, caption: v.pipe(v.string(), v.maxLength(4000)) }),
  ),
  'photos.reorder': method()(v.object({ conversationId, ids: v.array(stagedPhotoId) })),
  'photos.unstage': method()(v.object({ id: stagedPhotoId })),
  /** Encodes as it would be sent; the result is kept, so that sending does not do it again. */
  'photos.preview': method<PhotoResult>()(v.object({ id: stagedPhotoId, ...sending })),
  /** How it is to be changed, or null for not at all. Error: image-unsupported where it moves. */
  'photos.setRecipe': method()(v.object({ id: stagedPhotoId, recipe: v.nullable(photoRecipe) })),
  /** What was chosen last in this conversation, null when nothing. */
  'photos.choice': method<PhotoChoice | null>()(v.object({ conversationId })),
  'photos.choose': method()(v.object({ conversationId, quality, metadata: metadataProfile })),
  /** Sends what is staged in this conversation, a message each, in order, with its captions. Throws `nudge`. */
  'photos.send': method<readonly Message[]>()(v.object({ conversationId, ...sending, anyway })),
  'photos.stagedChanged': event<{ conversationId: ConversationId; items: readonly StagedPhoto[] }>(),
};
