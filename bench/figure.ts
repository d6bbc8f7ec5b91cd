/** One line of `npm run bench`. `ratio` is value ÷ peerValue, whichever of them is better when big. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'msg/s' | 'MB' | 'MB/h' | 'ratio';
  /** What it is compared with, measured in turns in the same run. */
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}

/** What a file of this folder exports as default. */
export type Bench = () => Promise<readonly Figure[]>;

const rounded = (value: number): number => Number(value.toPrecision(4));

/** The value below which `share` (0 to 1) of the numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new RangeError('no numbers');
  return found;
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** A figure with its peer, rounded to four digits; without a ratio where the peer is at nothing. */
export const compared = (
  name: string,
  value: number,
  unit: Figure['unit'],
  peer: string,
  peerValue: number,
): Figure => ({
  name,
  value: rounded(value),
  unit,
  peer,
  peerValue: rounded(peerValue),
  ...(peerValue === 0 ? {} : { ratio: rounded(value / peerValue) }),
});
