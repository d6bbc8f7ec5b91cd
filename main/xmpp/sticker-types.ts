/** A text in one language (`xml:lang`); `lang` is '' where none is said. */
export interface LangText {
  readonly lang: string;
  readonly text: string;
}

/** XEP-0300: `value` is base64. */
export interface WireHash {
  readonly algo: string;
  readonly value: string;
}

/** One sticker of a pack as it stands on the wire: all of it is its author's claim. */
export interface WireSticker {
  /** The textual fallback, usually an emoji: the `<desc/>` without a language. */
  readonly fallback: string;
  /** What it shows, in words, where another `<desc/>` with a language says so. */
  readonly title: string | null;
  readonly hashes: readonly WireHash[];
  readonly mediaType: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** px */
  readonly width: number | null;
  readonly height: number | null;
  /** Addresses that files may be fetched from. */
  readonly urls: readonly string[];
  readonly suggestions: readonly LangText[];
}

/** A sticker pack (XEP-0449 section 4.3) as it stands on the wire. */
export interface WirePack {
  readonly names: readonly LangText[];
  readonly summaries: readonly LangText[];
  /** Nobody else may use or import it. */
  readonly restricted: boolean;
  readonly stickers: readonly WireSticker[];
  readonly hash: WireHash | null;
}

/** What a message says of the sticker it is (XEP-0449 section 4.1). */
export interface WireStickerMark {
  /** Id of the pack's item; null: of no pack. */
  readonly pack: string | null;
  /** Where the pack's node is, where that is not the sender's own. Bare address. */
  readonly owner: string | null;
  readonly node: string | null;
  /** What stands in for it, usually an emoji; '' when nothing does. */
  readonly fallback: string;
  /** What it shows, in words; null when not said. */
  readonly title: string | null;
}

/** `open`: XEP-0449's node, which everybody may read. `private`: one for my own devices (XEP-0223). */
export type PackNode = 'open' | 'private';

/** An item of a node of packs; `pack` is null where it is none that can be read. */
export interface PackItem {
  readonly id: string;
  readonly pack: WirePack | null;
}

/** Sticker packs on pubsub nodes. Each rejects with IqError where the server has no PEP. */
export interface StickerCalls {
  /** A pack of somebody; null where the item is no pack. Rejects with `not-found` where there is none. */
  fetch(owner: string, node: string, id: string): Promise<WirePack | null>;
  /** Everything in a node of my own; null where there is no such node. */
  own(node: PackNode): Promise<readonly PackItem[] | null>;
  publish(node: PackNode, id: string, pack: WirePack): Promise<void>;
  /** No error where it is not there. */
  retract(node: PackNode, id: string): Promise<void>;
}

/** What my own account says; nobody else's word counts. */
export interface StickerHandlers {
  /** A pack of mine was published or taken back, by this device or another one. */
  onPacksChanged(): void;
}
