import { jpegPlaces } from './jpeg.ts';
import { loosePlaces } from './loose.ts';
import { pngTellsPlace, pngWithoutPlaces } from './png.ts';
import { tiffPlaces } from './tiff.ts';
import { webpPlaces } from './webp.ts';

/** Does the file tell where it was taken? `mediaType` as `sniff` measured it. */
export function hasLocation(bytes: Uint8Array, mediaType: string): boolean {
  return mediaType === 'image/png' ? pngTellsPlace(bytes) : placesIn(bytes, mediaType, false);
}

/**
 * The same picture, bit for bit, without its place: never longer than the input. Null when something in it
 * still tells one, or the structure is too broken to be sure; then the picture has to be encoded anew.
 */
export function withoutLocation(bytes: Uint8Array, mediaType: string): Uint8Array | null {
  let result: Uint8Array;
  if (mediaType === 'image/png') result = pngWithoutPlaces(bytes);
  else {
    result = Uint8Array.from(bytes);
    placesIn(result, mediaType, true);
  }
  return hasLocation(result, mediaType) ? null : result;
}

function placesIn(bytes: Uint8Array, mediaType: string, edit: boolean): boolean {
  if (mediaType === 'image/jpeg') return jpegPlaces(bytes, edit);
  if (mediaType === 'image/webp') return webpPlaces(bytes, edit);
  if (mediaType === 'image/tiff') return tiffPlaces(bytes, edit);
  return loosePlaces(bytes, edit);
}
