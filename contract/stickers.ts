import * as v from 'valibot';
import { event, method } from './define.ts';
import { attachmentId, conversationId, fileSource, messageId, pictureCrop } from './ids.ts';
import type { Message } from './messages.ts';

const rowId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const stickerId = v.pipe(rowId, v.brand('StickerId'));
export type StickerId = v.InferOutput<typeof stickerId>;
const stickerPackId = v.pipe(rowId, v.brand('StickerPackId'));
export type StickerPackId = v.InferOutput<typeof stickerPackId>;

/** px of a sticker's edges. */
export const STICKER_EDGE = 512;
export const MAX_PACK_NAME = 60;
export const MAX_DESCRIPTION = 100;
/** Stickers of one pack of one's own, and packs. */
export const MAX_STICKERS = 60;
export const MAX_PACKS = 100;

export interface Sticker {
  readonly id: StickerId;
  /** What other apps show in its place. */
  readonly emoji: string;
  /** What it is called; '' where its author did not say. */
  readonly description: string;
  /** Shown from `/media/file/SHA256`. */
  readonly sha256: string;
  readonly animated: boolean;
}

export interface StickerPack {
  readonly id: StickerPackId;
  readonly name: string;
  readonly summary: string;
  /** `kept`: of somebody else. */
  readonly origin: 'bundled' | 'own' | 'kept';
  /** Anybody may fetch it. */
  readonly shared: boolean;
  /** Its author does not want others to pass it on. */
  readonly restricted: boolean;
  readonly stickers: readonly Sticker[];
}

/** A pack that comes with the app and was removed; those of others and of one's own go for good with the next start. */
export interface RemovedPack {
  readonly id: StickerPackId;
  readonly name: string;
  readonly count: number;
}

export interface AllStickers {
  /** In the order they are shown. */
  readonly packs: readonly StickerPack[];
  /** Sent last first, at most 16. */
  readonly recent: readonly Sticker[];
  readonly removed: readonly RemovedPack[];
}

/** A pack of somebody, looked at before it is added. */
export interface PackPreview {
  readonly name: string;
  readonly summary: string;
  readonly restricted: boolean;
  /** It is among my packs already. */
  readonly added: boolean;
  /** Bare address; '' for one that comes with the app. */
  readonly owner: string;
  readonly stickers: readonly { readonly emoji: string; readonly description: string }[];
}

/** The pack of a sticker that came, or one that a link leads to (XEP-0449 section 4.6). */
export const packPlace = v.variant('kind', [
  v.object({ kind: v.literal('message'), id: messageId }),
  v.object({ kind: v.literal('link'), uri: v.pipe(v.string(), v.maxLength(4096)) }),
]);

const shortText = (length: number) => v.pipe(v.string(), v.trim(), v.maxLength(length));
const emoji = v.pipe(shortText(64), v.nonEmpty());
const packName = v.pipe(shortText(MAX_PACK_NAME), v.nonEmpty());

export const stickers = {
  'stickers.all': method<AllStickers>()(v.object({})),
  /** Sends it at once; offline it waits like everything. */
  'stickers.send': method<Message>()(v.object({ conversationId, id: stickerId })),
  /** All packs, in the order wanted. */
  'stickers.arrange': method()(v.object({ ids: v.array(stickerPackId) })),
  'stickers.removePack': method()(v.object({ id: stickerPackId })),
  /** Takes a removal back, of a bundled pack at any time, of any other until the app is closed. */
  'stickers.restorePack': method()(v.object({ id: stickerPackId })),
  'stickers.createPack': method<StickerPackId>()(v.object({ name: packName })),
  /** `stickers`: those that stay, in order. */
  'stickers.editPack': method()(
    v.object({ id: stickerPackId, name: packName, stickers: v.array(stickerId) }),
  ),
  'stickers.describe': method()(v.object({ id: stickerId, emoji, description: shortText(MAX_DESCRIPTION) })),
  /**
   * Cuts a square out of a picture, 512 px, to be worked on; shown from `/media/file/SHA256`. Errors: as with photos.
   */
  'stickers.cut': method<{ sha256: string }>()(
    v.object({
      picture: v.variant('kind', [
        v.object({ kind: v.literal('file'), source: fileSource }),
        v.object({ kind: v.literal('attachment'), id: attachmentId }),
      ]),
      crop: pictureCrop,
    }),
  ),
  /** Stores what the page has drawn as a sticker of this pack of one's own. */
  'stickers.make': method<StickerId>()(
    v.object({
      packId: stickerPackId,
      source: fileSource,
      emoji,
      description: shortText(MAX_DESCRIPTION),
    }),
  ),
  /** Keeps the sticker of a message in the pack of this name, which is made when there is none. */
  'stickers.keep': method()(v.object({ id: messageId, packName })),
  /** Throws not-found, sticker-pack-refused. */
  'stickers.preview': method<PackPreview>()(v.object({ place: packPlace })),
  /** Fetches the pack and all its files, and checks them. Throws not-found, sticker-pack-refused, … */
  'stickers.addPack': method()(v.object({ place: packPlace })),
  /** Lets anybody fetch it (or nobody any more). Gives the address to pass on; '' when it is shared no longer. */
  'stickers.share': method<{ uri: string }>()(v.object({ id: stickerPackId, shared: v.boolean() })),
  /** Packs or what was sent last changed: read them again. */
  'stickers.changed': event<Record<string, never>>(),
};
