import type { Readable, Writable } from 'node:stream';

export const isNoise: (line: string) => boolean;
export function passWithoutNoise(from: Readable, to?: Writable): void;
