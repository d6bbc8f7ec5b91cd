import { mostLevels } from '../../../contract/voice-notes.ts';

/** The loudest of each part of the samples, 0 to 255 with the loudest of all at 255; at most `count` levels. */
export function levelsOf(samples: Float32Array, count = mostLevels): Uint8Array {
  const levels = Array.from({ length: Math.min(count, samples.length) }, (_, n) => {
    const part = samples.subarray(
      Math.floor((n * samples.length) / count),
      Math.max(Math.floor(((n + 1) * samples.length) / count), Math.floor((n * samples.length) / count) + 1),
    );
    return part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  });
  const loudest = Math.max(...levels, 0.01);
  return Uint8Array.from(levels, (level) => Math.round((Math.min(level, loudest) / loudest) * 255));
}

export const encodeLevels = (levels: Uint8Array): string => btoa(String.fromCharCode(...levels));

/** Shares of the height, 0 to 1; as many even ones where there is no waveform, or a broken one. */
export function decodeLevels(waveform: string | null): readonly number[] {
  try {
    const bytes = Array.from(atob(waveform ?? ''), (one) => one.charCodeAt(0) / 255);
    if (bytes.length > 0) return bytes.slice(0, mostLevels);
  } catch {
    // Not base64: as if there were none.
  }
  return Array.from({ length: mostLevels / 2 }, () => 0.35);
}

/** What a recording sounds like, for its picture; '' when it can't be decoded. */
export async function waveformOf(recording: Blob): Promise<string> {
  const context = new OfflineAudioContext(1, 1, 16_000);
  try {
    const decoded = await context.decodeAudioData(await recording.arrayBuffer());
    return encodeLevels(levelsOf(decoded.getChannelData(0)));
  } catch (error) {
    console.warn('A recording has no waveform', error);
    return '';
  }
}
