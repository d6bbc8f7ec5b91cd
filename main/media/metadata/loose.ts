import { asBuffer, isoPositions, photoshopPlaces, xmpPlaces } from './place-text.ts';
import { tiffPlaces } from './tiff.ts';

/**
 * Places in bytes whose structure is not followed: what lies behind a picture's end (second pictures, a motion
 * photo's film), unknown segments, GIF extensions, the items of AVIF. Edited in place, nothing moves.
 */
export function loosePlaces(bytes: Uint8Array, edit: boolean): boolean {
  const buffer = asBuffer(bytes);
  let found = false;
  for (const mark of ['II*\0', 'MM\0*']) {
    for (const at of positions(buffer, mark)) {
      const tiff = buffer.subarray(at);
      // Asked before it is edited: four bytes of pixels may look like a header, but never like GPS entries.
      if (tiffPlaces(tiff, false)) {
        found = true;
        if (edit) tiffPlaces(tiff, true);
      }
    }
  }
  for (const at of positions(buffer, '<x:xmpmeta')) found = xmpPlaces(xmpPacket(buffer, at), edit) || found;
  for (const at of positions(buffer, '8BIM\x04\x04'))
    found = photoshopPlaces(buffer.subarray(at), edit) || found;
  return isoPositions(buffer, edit) || found;
}

function xmpPacket(buffer: Buffer, at: number): Buffer {
  const close = '</x:xmpmeta>';
  const end = buffer.indexOf(close, at, 'latin1');
  return buffer.subarray(at, end < 0 ? buffer.length : end + close.length);
}

function* positions(buffer: Buffer, mark: string): Generator<number> {
  for (let at = buffer.indexOf(mark, 0, 'latin1'); at >= 0; at = buffer.indexOf(mark, at + 4, 'latin1'))
    yield at;
}
