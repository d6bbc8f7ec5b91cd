import type { Sticker, StickerPack, StickerPackId } from '../../contract/stickers.ts';

export interface PackRow extends Omit<StickerPack, 'stickers'> {
  readonly bundledKey: string | null;
  /** A bundled one that is not to be shown. */
  readonly removed: boolean;
  /** JSON of what its author published; null for one's own. */
  readonly wire: string | null;
  /** What my own nodes have of it. */
  readonly publishedNode: 'open' | 'private' | null;
  readonly publishedId: string | null;
}

export interface StickerRow extends Sticker {
  readonly packId: StickerPackId;
  readonly mediaType: string;
  readonly bytes: number;
  /** px */
  readonly width: number;
  readonly height: number;
}

export type NewSticker = Omit<StickerRow, 'id' | 'packId'>;

export interface NewPack {
  readonly origin: StickerPack['origin'];
  readonly bundledKey?: string;
  readonly name: string;
  readonly summary: string;
  readonly restricted: boolean;
  readonly wire?: string;
  /** It came from a node of mine. */
  readonly published?: { readonly node: 'open' | 'private'; readonly id: string };
}
