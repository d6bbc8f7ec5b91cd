import type { Affine } from '../../../contract/photo-geometry.ts';

/** Sub-pixel positions that weights are kept for. */
const PHASES = 256;

/** Catmull-Rom: sharper than linear, and a place between four equal pixels is exactly that pixel. */
const WEIGHTS = Float32Array.from({ length: (PHASES + 1) * 4 }, (_, at) => {
  const t = Math.floor(at / 4) / PHASES;
  const forms = [
    -0.5 * t + t * t - 0.5 * t ** 3,
    1 - 2.5 * t * t + 1.5 * t ** 3,
    0.5 * t + 2 * t * t - 1.5 * t ** 3,
    -0.5 * t * t + 0.5 * t ** 3,
  ];
  return forms[at % 4] ?? 0;
});

interface Source {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * `width` × `height` px out of `source`. `from` tells where each comes from, in shares of both pictures. What lies
 * outside is as the border is.
 */
export function resampled(
  source: Source,
  from: Affine,
  width: number,
  height: number,
): Uint8Array | Uint16Array {
  const { data, channels } = source;
  const deep = data instanceof Uint16Array;
  const result = deep
    ? new Uint16Array(width * height * channels)
    : new Uint8Array(width * height * channels);
  const full = deep ? 65_535 : 255;
  const [a, b, c, d, e, f] = from;
  const columns = new Int32Array(4);
  const rows = new Int32Array(4);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const v = (y + 0.5) / height;
    for (let x = 0; x < width; x += 1) {
      const u = (x + 0.5) / width;
      const sx = (a * u + b * v + c) * source.width - 0.5;
      const sy = (d * u + e * v + f) * source.height - 0.5;
      const px = place(sx, source.width, columns, channels);
      const py = place(sy, source.height, rows, channels * source.width);
      for (let channel = 0; channel < channels; channel += 1) {
        const value = sum(data, columns, rows, px, py, channel);
        result[at++] = value < 0 ? 0 : value > full ? full : Math.round(value);
      }
    }
  }
  return result;
}

/** Where the four neighbours are in the data; returns where their weights are. */
function place(position: number, length: number, into: Int32Array, stride: number): number {
  const whole = Math.floor(position);
  for (let i = 0; i < 4; i += 1) {
    const at = whole + i - 1;
    into[i] = (at < 0 ? 0 : at >= length ? length - 1 : at) * stride;
  }
  return Math.round((position - whole) * PHASES) * 4;
}

function sum(
  data: Uint8Array | Uint16Array,
  columns: Int32Array,
  rows: Int32Array,
  px: number,
  py: number,
  channel: number,
): number {
  let all = 0;
  for (let j = 0; j < 4; j += 1) {
    const row = (rows[j] ?? 0) + channel;
    let line = 0;
    for (let i = 0; i < 4; i += 1) line += (WEIGHTS[px + i] ?? 0) * (data[row + (columns[i] ?? 0)] ?? 0);
    all += (WEIGHTS[py + j] ?? 0) * line;
  }
  return all;
}
