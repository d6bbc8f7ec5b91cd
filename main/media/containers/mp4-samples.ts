import { boxOn, contentOf, type Box } from './boxes.ts';

export interface SampleRange {
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** Where the samples of a track lie in the file (ISO 14496-12 sections 8.7.3 to 8.7.5); those outside are left out. */
export function sampleRanges(bytes: Buffer, track: Box, fileSize: number): SampleRange[] {
  const table = (name: string) => {
    const box = boxOn(bytes, track, 'mdia', 'minf', 'stbl', name);
    return box ? contentOf(bytes, box) : null;
  };
  const chunks = chunkOffsets(table('stco'), table('co64'));
  const sizes = table('stsz');
  const perChunk = samplesPerChunk(table('stsc'), chunks.length);
  if (!sizes || sizes.length < 12) return [];
  let sample = 0;
  return chunks.flatMap((offset, at) => {
    let length = 0;
    for (let n = 0; n < (perChunk[at] ?? 0); n += 1) length += sizeOf(sizes, sample++);
    const inside = Math.min(length, fileSize - offset);
    return inside > 0 ? [{ offset, length: inside }] : [];
  });
}

function sizeOf(stsz: Buffer, sample: number): number {
  const same = stsz.readUInt32BE(4);
  if (same !== 0) return same;
  const at = 12 + 4 * sample;
  return at + 4 <= stsz.length ? stsz.readUInt32BE(at) : 0;
}

function chunkOffsets(stco: Buffer | null, co64: Buffer | null): number[] {
  const table = stco ?? co64;
  if (!table || table.length < 8) return [];
  const width = stco ? 4 : 8;
  const count = Math.min(table.readUInt32BE(4), Math.floor((table.length - 8) / width));
  return Array.from({ length: count }, (_, n) =>
    stco ? table.readUInt32BE(8 + 4 * n) : Number(table.readBigUInt64BE(8 + 8 * n)),
  );
}

/** One number a chunk: the table says from which chunk on how many. Never more than a table can list. */
function samplesPerChunk(stsc: Buffer | null, chunks: number): number[] {
  if (!stsc || stsc.length < 8) return [];
  const rows = Math.min(stsc.readUInt32BE(4), Math.floor((stsc.length - 8) / 12));
  const found: number[] = [];
  for (let n = 0; n < rows; n += 1) {
    const first = stsc.readUInt32BE(8 + 12 * n);
    const next = n + 1 < rows ? stsc.readUInt32BE(8 + 12 * (n + 1)) : chunks + 1;
    const count = Math.min(stsc.readUInt32BE(12 + 12 * n), 1_000_000);
    for (let chunk = first; chunk < next && chunk <= chunks; chunk += 1) found[chunk - 1] = count;
  }
  return found;
}
