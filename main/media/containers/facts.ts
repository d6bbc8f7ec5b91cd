import { aviLocationPatches } from './avi-location.ts';
import { locationPatches } from './mp4-location.ts';
import { readMp4 } from './mp4.ts';
import { withSource, type ByteSource } from './source.ts';
import type { ContainerFacts, Patch } from './types.ts';
import { webmLocationPatches } from './webm-location.ts';
import { readWebm } from './webm.ts';

/** ms: a week. What says more of itself does not know. */
const LONGEST = 7 * 86_400_000;

const MP4: ReadonlySet<string> = new Set(['video/mp4', 'video/quicktime', 'audio/mp4']);

/** What is measured of a file of film or sound. */
export interface Measured extends ContainerFacts {
  /** As sniffed, `audio/…` where it has no picture. */
  readonly mediaType: string;
}

/**
 * Looks into a file of film or sound, by its measured type. Null where it is neither; `broken` where it is damaged,
 * empty or cut short.
 */
export function measureContainer(path: string, mediaType: string): Promise<Measured | 'broken' | null> {
  return withSource(path, async (source) => {
    if (!/^(audio|video)\//.test(mediaType)) return null;
    const facts = await read(source, mediaType);
    if (!facts) return 'broken';
    const durationMs = facts.durationMs !== null && facts.durationMs <= LONGEST ? facts.durationMs : null;
    return { ...facts, durationMs, mediaType: facts.hasPicture ? mediaType : soundOnly(mediaType) };
  });
}

function read(source: ByteSource, mediaType: string): Promise<ContainerFacts | null> {
  if (MP4.has(mediaType)) return readMp4(source);
  return mediaType === 'video/webm' ? readWebm(source) : readOther(source, mediaType);
}

const soundOnly = (mediaType: string): string =>
  mediaType === 'video/quicktime' ? 'audio/mp4' : mediaType.replace(/^video\//, 'audio/');

/** What has no index here: players find out. */
async function readOther(source: ByteSource, mediaType: string): Promise<ContainerFacts | null> {
  const nothing = { hasPicture: mediaType.startsWith('video/'), durationMs: null, width: null, height: null };
  if (source.size < 64) return null;
  return mediaType === 'audio/wav' ? { ...nothing, durationMs: await wavDuration(source) } : nothing;
}

/** By the bytes a second of its `fmt ` chunk. */
async function wavDuration(source: ByteSource): Promise<number | null> {
  const head = await source.read(0, 64);
  const rate = head.toString('latin1', 12, 16) === 'fmt ' ? head.readUInt32LE(28) : 0;
  return rate === 0 ? null : Math.round(((source.size - 44) / rate) * 1000);
}

/** What is to be overwritten so that a file does not tell where it was made; empty where it does not. */
export function placePatches(path: string, mediaType: string): Promise<Patch[]> {
  return withSource(path, async (source) => {
    if (MP4.has(mediaType)) return locationPatches(source);
    if (/^(audio|video)\/webm$/.test(mediaType)) return webmLocationPatches(source);
    return mediaType === 'video/x-msvideo' ? aviLocationPatches(source) : [];
  });
}
