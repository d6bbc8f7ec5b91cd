import type { Patch } from './types.ts';

/** The same bytes with some overwritten, as they go by. */
export async function* patched(
  chunks: AsyncIterable<Uint8Array>,
  patches: readonly Patch[],
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of chunks) {
    const end = offset + chunk.length;
    const here = patches.filter((patch) => patch.offset < end && patch.offset + patch.length > offset);
    yield here.length === 0 ? chunk : overwritten(chunk, offset, here);
    offset = end;
  }
}

function overwritten(chunk: Uint8Array, offset: number, patches: readonly Patch[]): Uint8Array {
  const copy = Buffer.from(chunk);
  for (const { offset: start, length, head } of patches) {
    const from = Math.max(start, offset);
    const to = Math.min(start + length, offset + copy.length);
    copy.fill(0, from - offset, to - offset);
    if (from < start + head.length) head.copy(copy, from - offset, from - start, to - start);
  }
  return copy;
}
