import type { StagedPhoto } from '../../../../contract/photos.ts';

/** A few letters that are others when the text is: pages keep what an address once showed. */
function mark(text: string): string {
  let hash = 5381;
  for (let i = 0; i < text.length; i += 1) hash = (hash * 33 + text.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}

/** Where a staged photo is shown from: as it will be, or as it was chosen (see the contract's `photos.staged`). */
export function stagedUrl({ id, recipe }: StagedPhoto, form: '' | 'original' | 'proxy' = ''): string {
  const path = form === '' ? `/media/staged/${id}` : `/media/staged/${id}/${form}`;
  return recipe && form !== 'proxy' ? `${path}?v=${mark(JSON.stringify(recipe))}` : path;
}
