import { Zip, ZipPassThrough } from 'fflate';

/** One file of an archive: its name, and its bytes in pieces. */
export interface ZipEntry {
  /** Nothing that a program could take for a way out of its folder: see safe-name.ts. */
  readonly name: string;
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The earliest that a ZIP can say, in local time: the same bytes everywhere. When it was made is in the manifest. */
const TIME = new Date(1980, 0, 1);

/**
 * A ZIP (APPNOTE 6.3) without compression, piece by piece, never more in memory than a piece. Everything in it but
 * names and contents is fixed, so that `scripts/verify-report.mjs` can tell a changed byte anywhere.
 */
export async function* zipped(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, data) => {
    // The library's type says that there is always an error.
    if (error as Error | null) failure = error;
    else ready.push(data);
  });
  const take = (): Uint8Array[] => {
    if (failure) throw failure;
    const taken = ready;
    ready = [];
    return taken;
  };
  for (const entry of entries) {
    const file = new ZipPassThrough(entry.name);
    file.mtime = TIME;
    zip.add(file);
    for await (const piece of entry.content()) {
      file.push(piece);
      yield* take();
    }
    file.push(new Uint8Array(0), true);
    yield* take();
  }
  zip.end();
  yield* take();
}
