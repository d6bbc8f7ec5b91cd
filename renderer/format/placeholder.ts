import { thumbHashToRGBA } from 'thumbhash';

const made = new Map<string, string | null>();
const kept = 500;

/** Draws a ThumbHash (base64) as a data: URL of a PNG; null when it is not one. Kept for the next time. */
export function placeholderUrl(thumbhash: string): string | null {
  const known = made.get(thumbhash);
  if (known !== undefined) return known;
  const url = draw(thumbhash);
  if (made.size >= kept) made.delete(made.keys().next().value ?? '');
  made.set(thumbhash, url);
  return url;
}

function draw(thumbhash: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0));
    const { w, h, rgba } = thumbHashToRGBA(bytes);
    const canvas = document.createElement('canvas');
    canvas.width = w;
    canvas.height = h;
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
    return canvas.toDataURL('image/png');
  } catch {
    // It came from another app and may be anything: the photo then simply has no placeholder.
    return null;
  }
}
