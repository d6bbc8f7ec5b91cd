import type { PhotoRecipe } from '../../contract/photo-recipe.ts';
import type { MetadataProfile } from '../../contract/photos.ts';
import type { StartWorker } from './worker-process.ts';

/** Long edge at most 2048 px, at most 4096 px, or the pixels untouched. */
export type Quality = 'standard' | 'high' | 'original';

/** A file of the store. The same bytes are stored once, whatever they are called. */
export interface StoredFile {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  sha256: string;
  /** Absolute. */
  path: string;
  bytes: number;
  /** Measured from the first bytes; `application/octet-stream` where they say nothing. */
  mediaType: string;
}

/** What a picture is, measured from its bytes and never from its name. */
export interface ImageFacts {
  mediaType: string;
  /** px, after the EXIF orientation has been applied. */
  width: number;
  height: number;
  bytes: number;
  /** 1 for a still picture. */
  frames: number;
  alpha: boolean;
  /** EXIF GPS, XMP exif:GPS*, or IPTC and XMP place names. */
  hasLocation: boolean;
  /** The embedded profile's own name, null when there is none (then it is sRGB by convention). */
  colourProfile: string | null;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
}

/** What would be sent. */
export interface EncodedPhoto {
  file: StoredFile;
  /** px, as shown: after the EXIF orientation. */
  width: number;
  height: number;
  bytes: number;
  mediaType: string;
  /** Bit for bit the input. */
  unchanged: boolean;
}

export interface EncodeOptions {
  quality: Quality;
  metadata: MetadataProfile;
  /** Sharpens mildly where the picture becomes smaller. */
  sharpen: boolean;
  /** How it is changed; animated pictures can't be (`image-unsupported`). */
  recipe?: PhotoRecipe | null;
}

/** A square of the upright picture: its centre and its side as shares of width, height and shorter side, 0 to 1. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export interface Placeholder {
  /** ThumbHash, base64, at most 40 characters. */
  thumbhash: string;
  /** `data:image/webp;base64,…` or jpeg, at most 2,048 characters. */
  thumbnail: string;
}

export interface ByteRange {
  /** First byte, from 0. */
  start: number;
  /** Last byte, included; the end of the file when absent. */
  end?: number;
}

export interface OpenedFile {
  stream: ReadableStream<Uint8Array>;
  /** Bytes the stream will give. */
  bytes: number;
}

export interface AddStreamOptions {
  /** More than this many bytes fails with `image-too-large`, detail `{ maxBytes }`. */
  maxBytes?: number;
  signal?: AbortSignal;
  /** Bytes so far. */
  onProgress?(bytes: number): void;
}

export interface CollectOptions {
  /** bytes; the least recently used evictable files go until the folder is no bigger. */
  quotaBytes: number;
  /** May this file go although it is kept (it can be fetched or made again)? */
  evictable(sha256: string): boolean;
  /** Unix time, ms: files that were used last before it are nobody's work under way, however young. */
  before?: number;
}

/** Content-addressed files under `folder/ab/cdef…`, mode 0600. */
export interface MediaStore {
  /** Copies a file in. Errors: file-missing, disk-full, image-too-large over `maxBytes`. */
  addFile(path: string, opts?: { maxBytes?: number }): Promise<StoredFile>;
  /** Writes a stream in, measuring and hashing it. A failed or cancelled stream leaves nothing behind. */
  addStream(stream: AsyncIterable<Uint8Array>, opts?: AddStreamOptions): Promise<StoredFile>;
  /** Absolute path, or null when the store has no such file. Anything but 64 hexadecimal digits gives null. */
  path(sha256: string): string | null;
  has(sha256: string): boolean;
  /** A file or a part of it. Errors (thrown at once): file-missing; RangeError outside the file. */
  open(sha256: string, range?: ByteRange): OpenedFile;
  /** Removes a file; no error when it is not there. */
  remove(sha256: string): Promise<void>;
  /**
   * Removes a file and its thumbnails; no error when it is not there. One that is held, or was used after `usedBefore`
   * (Unix time, ms), is somebody's work under way and stays.
   */
  forget(sha256: string, usedBefore: number): Promise<void>;
  /** Neither `forget` nor `collect` takes a file until this has been called: of work that nothing refers to yet. */
  hold(sha256: string): () => void;
  /** bytes of all files, derived ones (thumbnails) included. */
  usage(): Promise<number>;
  /**
   * Removes left-over temporary files and files nobody keeps, both older than 1 h, then the least recently
   * used evictable ones until the folder holds no more than the quota. Thumbnails count as evictable.
   */
  collect(
    keep: (sha256: string) => boolean,
    opts: CollectOptions,
  ): Promise<{ removed: number; bytes: number }>;
}

/** Every method rejects with a MediaError. Pictures are decoded in a process of their own. */
export interface Media {
  store: MediaStore;
  /** Decodes the whole picture, so that a broken one is found before it is sent. */
  inspect(path: string, signal?: AbortSignal): Promise<ImageFacts>;
  /** Makes what would be sent. Never more bytes than the input; of its metadata only what the profile keeps. */
  encode(path: string, options: EncodeOptions, signal?: AbortSignal): Promise<EncodedPhoto>;
  /** First frame, upright, at most `maxEdge` px (default 640) on its long edge; cached by source and edge. */
  thumbnail(sha256OrPath: string, maxEdge?: number, signal?: AbortSignal): Promise<StoredFile>;
  /** An upright JPEG (WebP with transparency) changed as the recipe says, at most `maxEdge` px; no metadata. */
  render(path: string, recipe: PhotoRecipe, maxEdge: number, signal?: AbortSignal): Promise<StoredFile>;
  /** A square of `edge` px (default 256), of the centre unless told, PNG or JPEG of at most 65,536 bytes. */
  avatar(path: string, edge?: number, crop?: Crop): Promise<StoredFile>;
  placeholder(path: string): Promise<Placeholder>;
  /** A square of the upright picture, `edge` px, PNG with its transparency and nothing else. */
  cut(path: string, edge: number, crop: Crop): Promise<StoredFile>;
  /** A sticker of what was drawn: WebP of `edge` × `edge` px, at most `maxBytes`; only its pixels stay. */
  sticker(path: string, edge: number, maxBytes: number): Promise<StoredFile>;
  /** Ends the worker; what is under way is rejected with `cancelled`. */
  close(): Promise<void>;
}

export interface OpenMediaOptions {
  /** Where the files live; made when missing (mode 0700). */
  folder: string;
  /** The worker's file when it is not beside this code (the bundled app). */
  workerFile?: URL;
  /** How its process is started when Node itself does not fork it. */
  startWorker?: StartWorker | null;
  /** Which build of sharp; decided by `sharp-build.ts` when absent. */
  build?: 'native' | 'wasm';
}
