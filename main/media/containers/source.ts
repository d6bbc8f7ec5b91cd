import { open } from 'node:fs/promises';

/** A file that is read in parts: never more of it in memory than is asked for. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Fewer bytes than asked for at the end of the file. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** Bytes that are read at once: elements of a few bytes lie close together. */
const WINDOW = 65_536;

/** Opens a file for as long as `use` takes. Rejects with the file system's errors. */
export async function withSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await use(
      windowed(size, async (offset, length) => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      }),
    );
  } finally {
    await file.close();
  }
}

/** Bytes that are in memory already. */
export const memorySource = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

function windowed(size: number, read: ByteSource['read']): ByteSource {
  let start = 0;
  let held: Buffer = Buffer.alloc(0);
  return {
    size,
    read: async (offset, length) => {
      if (length > WINDOW) return read(offset, length);
      if (offset < start || offset + length > start + held.length) {
        held = await read(offset, WINDOW);
        start = offset;
      }
      return held.subarray(offset - start, offset - start + length);
    },
  };
}
