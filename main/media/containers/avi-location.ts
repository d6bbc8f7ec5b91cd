import { xmpTellsPlace } from '../metadata/place-text.ts';
import type { ByteSource } from './source.ts';
import type { Patch } from './types.ts';

/** A chunk of a RIFF file (Microsoft, "AVI RIFF File Reference"). */
interface Chunk {
  readonly id: string;
  readonly offset: number;
  /** Bytes of the content, which begins 8 bytes after `offset`. */
  readonly size: number;
  /** Of `RIFF` and `LIST`: what they are. */
  readonly form: string;
}

/** Texts of `LIST INFO` that say where: archival location, country, and what sound editors write. */
const PLACES: ReadonlySet<string> = new Set(['IARL', 'ICNT', 'LOCA']);
/** Lists that cameras fill with notes of their own, positions among them. */
const MAKERS: ReadonlySet<string> = new Set(['ncdt', 'gps ', 'GPS ']);
/** Lists whose chunks are looked at; the film itself (`movi`) is passed over. */
const ENTERED: ReadonlySet<string> = new Set(['AVI ', 'AVIX', 'INFO', 'hdrl', 'strl', 'exif']);
/** What a car's camera leaves between the pictures and in padding: NMEA 0183 sentences. */
const NMEA = /\$G[A-Z](?:RMC|GGA|GLL),/;
const POSITION = /[+-]\d{2}\.\d{2,8}[+-]\d{3}\.\d{2,8}/;
/** Bytes of one chunk that is looked into. */
const MAX_LOOK = 16_000_000;
const MAX_CHUNKS = 100_000;

/**
 * What is to be overwritten so that an AVI film does not tell where it was made: those chunks become `JUNK`, which
 * players pass over. Nothing moves. Empty where no place is told. The streams themselves are not looked into.
 */
export async function aviLocationPatches(source: ByteSource): Promise<Patch[]> {
  const found: Patch[] = [];
  let at = 0;
  for (let n = 0; at + 8 <= source.size && n < MAX_CHUNKS; n += 1) {
    const chunk = await chunkAt(source, at);
    const list = chunk.id === 'RIFF' || chunk.id === 'LIST';
    if (list && ENTERED.has(chunk.form)) {
      at += 12;
      continue;
    }
    if (await tellsPlace(source, chunk)) found.push(junk(chunk, source.size));
    // Chunks begin at even offsets.
    at += 8 + chunk.size + (chunk.size % 2);
  }
  return found;
}

async function chunkAt(source: ByteSource, offset: number): Promise<Chunk> {
  const head = await source.read(offset, 12);
  return {
    id: head.toString('latin1', 0, 4),
    offset,
    size: head.readUInt32LE(4),
    form: head.toString('latin1', 8, 12),
  };
}

async function tellsPlace(source: ByteSource, { id, offset, size, form }: Chunk): Promise<boolean> {
  if (id === 'LIST' && form === 'movi') return false;
  if (PLACES.has(id) || MAKERS.has(id)) return true;
  if (id === 'LIST') return MAKERS.has(form);
  if (size === 0 || size > MAX_LOOK || id === 'idx1') return false;
  const bytes = await source.read(offset + 8, size);
  if (id === '_PMX') return xmpTellsPlace(bytes);
  const text = bytes.toString('latin1');
  return NMEA.test(text) || POSITION.test(text);
}

function junk({ offset, size }: Chunk, end: number): Patch {
  const head = Buffer.from('JUNK0000', 'latin1');
  head.writeUInt32LE(size, 4);
  return { offset, length: Math.min(8 + size, end - offset), head };
}
