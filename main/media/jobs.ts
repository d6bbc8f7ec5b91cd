import type { PhotoRecipe } from '../../contract/photo-recipe.ts';
import type { Crop, EncodeOptions, EncodedPhoto, ImageFacts, Placeholder, StoredFile } from './types.ts';
import type { MediaErrorCode, MediaErrorDetail } from './errors.ts';

/** What the image worker can be asked; the order is the order of haste. */
export interface Jobs {
  inspect: { args: { path: string }; result: ImageFacts };
  thumbnail: { args: { path: string; sha256: string | null; maxEdge: number }; result: StoredFile };
  placeholder: { args: { path: string }; result: Placeholder };
  avatar: { args: { path: string; edge: number; crop: Crop | undefined }; result: StoredFile };
  render: { args: { path: string; recipe: PhotoRecipe; maxEdge: number }; result: StoredFile };
  cut: { args: { path: string; edge: number; crop: Crop }; result: StoredFile };
  sticker: { args: { path: string; edge: number; maxBytes: number }; result: StoredFile };
  encode: { args: { path: string; options: EncodeOptions }; result: EncodedPhoto };
}

export type JobKind = keyof Jobs;

/** Smaller runs first: what somebody is looking at comes before what will be sent. */
export const HASTE: Readonly<Record<JobKind, number>> = {
  inspect: 0,
  thumbnail: 1,
  placeholder: 2,
  avatar: 2,
  render: 2,
  cut: 1,
  sticker: 2,
  encode: 3,
};

export interface WorkerData {
  folder: string;
  build: 'native' | 'wasm';
}

export interface JobRequest {
  id: number;
  kind: JobKind;
  args: Jobs[JobKind]['args'];
}

export type JobReply =
  | { id: number; ok: true; result: Jobs[JobKind]['result'] }
  | { id: number; ok: false; code: MediaErrorCode; detail?: MediaErrorDetail; message: string };
