import { LUMA, blurWeights, type ColourNumbers } from './photo-arithmetic.ts';

/** The arithmetic of photo-arithmetic.ts over pixels in memory: the full picture, and previews without WebGL. */

/** Interleaved pixels: RGB or RGBA, with 8 or 16 bits a value. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** The luma of each pixel in the pixels' own scale. */
export function lumaOf({ data, width, height, channels }: Pixels): Float32Array {
  const luma = new Float32Array(width * height);
  const [r, g, b] = LUMA;
  for (let i = 0, at = 0; i < luma.length; i += 1, at += channels) {
    luma[i] = r * (data[at] ?? 0) + g * (data[at + 1] ?? 0) + b * (data[at + 2] ?? 0);
  }
  return luma;
}

/** `values` blurred by a Gaussian of `sigma` px; what lies outside is taken to be as the border is. */
export function blurred(values: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const weights = Float32Array.from(blurWeights(sigma));
  return downwards(sideways(values, width, height, weights), width, height, weights);
}

function sideways(values: Float32Array, width: number, height: number, weights: Float32Array): Float32Array {
  const result = new Float32Array(values.length);
  const [last, reach, middle] = [width - 1, weights.length - 1, weights[0] ?? 1];
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      let sum = middle * (values[row + x] ?? 0);
      for (let by = 1; by <= reach; by += 1) {
        const left = x > by ? x - by : 0;
        const right = x + by < last ? x + by : last;
        sum += (weights[by] ?? 0) * ((values[row + left] ?? 0) + (values[row + right] ?? 0));
      }
      result[row + x] = sum;
    }
  }
  return result;
}

function downwards(values: Float32Array, width: number, height: number, weights: Float32Array): Float32Array {
  const result = new Float32Array(values.length);
  const [last, reach, middle] = [height - 1, weights.length - 1, weights[0] ?? 1];
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) result[row + x] = middle * (values[row + x] ?? 0);
    for (let by = 1; by <= reach; by += 1) {
      const weight = weights[by] ?? 0;
      const above = (y > by ? y - by : 0) * width;
      const below = (y + by < last ? y + by : last) * width;
      for (let x = 0; x < width; x += 1) {
        result[row + x] =
          (result[row + x] ?? 0) + weight * ((values[above + x] ?? 0) + (values[below + x] ?? 0));
      }
    }
  }
  return result;
}

/** The full value of a channel: 255 or 65,535. */
const fullOf = (data: Pixels['data']): number => (data instanceof Uint16Array ? 65_535 : 255);

/**
 * Changes the colours in place. `numbers.steps` is as many as a channel has values. `blur`: the blurred luma of
 * the same pixels in their own scale, needed where `numbers.sharpening` is not 0.
 */
function changeColours(pixels: Pixels, numbers: ColourNumbers, blur: Float32Array | null): void {
  const { data, channels } = pixels;
  const { curves, steps, sharpening } = numbers;
  const full = fullOf(data);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = numbers.matrix.map((m) => m * full);
  const detail = sharpening !== 0 && blur !== null;
  const inside = (value: number) => (value < 0 ? 0 : value > full ? full : Math.round(value));
  for (let at = 0, pixel = 0; at + 2 < data.length; at += channels, pixel += 1) {
    let red = data[at] ?? 0;
    let green = data[at + 1] ?? 0;
    let blue = data[at + 2] ?? 0;
    if (detail) {
      const luma = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
      const more = sharpening * (luma - (blur[pixel] ?? luma));
      red = inside(red + more);
      green = inside(green + more);
      blue = inside(blue + more);
    }
    const r = curves[red] ?? 0;
    const s = curves[steps + green] ?? 0;
    const t = curves[2 * steps + blue] ?? 0;
    data[at] = inside(a * r + b * s + c * t);
    data[at + 1] = inside(d * r + e * s + f * t);
    data[at + 2] = inside(g * r + h * s + i * t);
  }
}

/** Rows that are looked at together: what sharpening needs beside the pixels stays small. */
const STRIP = 256;

/** Changes the colours of a whole picture in place. `sigma`: px, of the blur that sharpening compares with. */
export function changeInStrips(pixels: Pixels, numbers: ColourNumbers, sigma: number): void {
  if (numbers.sharpening === 0) return changeColours(pixels, numbers, null);
  const { data, width, height, channels } = pixels;
  const reach = blurWeights(sigma).length - 1;
  const rows = (from: number, to: number): Pixels => ({
    data: data.subarray(from * width * channels, to * width * channels),
    width,
    height: to - from,
    channels,
  });
  // The rows above a strip have been changed when it is its turn: their luma is kept from before.
  let above = new Float32Array(0);
  for (let top = 0; top < height; top += STRIP) {
    const bottom = Math.min(height, top + STRIP);
    const below = lumaOf(rows(top, Math.min(height, bottom + reach)));
    const luma = new Float32Array(above.length + below.length);
    luma.set(above);
    luma.set(below, above.length);
    const blur = blurred(luma, width, luma.length / width, sigma);
    const keptFrom = Math.max(0, above.length + (bottom - top - reach) * width);
    changeColours(rows(top, bottom), numbers, blur.subarray(above.length));
    above = luma.slice(keptFrom, above.length + (bottom - top) * width);
  }
}
