/**
 * Squared distance (px²) of every pixel from the nearest one that is inside, exactly (Felzenszwalb and Huttenlocher,
 * Distance Transforms of Sampled Functions, 2012): along the columns, then along the rows.
 */
export function squaredDistances(inside: (index: number) => boolean, edge: number): Float64Array {
  const far = 4 * edge * edge;
  const field = Float64Array.from({ length: edge * edge }, (_, i) => (inside(i) ? 0 : far));
  for (let x = 0; x < edge; x += 1) alongLine(field, x, edge, edge);
  for (let y = 0; y < edge; y += 1) alongLine(field, y * edge, 1, edge);
  return field;
}

/** The lower envelope of the parabolas over one line, in place. */
function alongLine(field: Float64Array, start: number, step: number, length: number): void {
  const at = (i: number) => field[start + i * step] ?? 0;
  const line = Float64Array.from({ length }, (_, i) => at(i));
  const value = (i: number) => line[i] ?? 0;
  const parabolas = new Int32Array(length);
  const borders = new Float64Array(length + 1).fill(Infinity);
  const meet = (q: number, p: number) => (value(q) + q * q - (value(p) + p * p)) / (2 * q - 2 * p);
  let last = 0;
  borders[0] = -Infinity;
  for (let q = 1; q < length; q += 1) {
    let s = meet(q, parabolas[last] ?? 0);
    while (s <= (borders[last] ?? 0)) s = meet(q, parabolas[--last] ?? 0);
    parabolas[++last] = q;
    borders[last] = s;
    borders[last + 1] = Infinity;
  }
  for (let q = 0, k = 0; q < length; q += 1) {
    while ((borders[k + 1] ?? Infinity) < q) k += 1;
    const p = parabolas[k] ?? 0;
    field[start + q * step] = (q - p) ** 2 + value(p);
  }
}

/** Of 255: from here on a pixel belongs to what is drawn. */
const OPAQUE = 128;

/**
 * Puts a border of one colour around what a square picture shows, as stickers are cut out.
 * @param rgba `edge` × `edge` × 4 octets, not premultiplied; it stays as it is
 * @param width px of the border; 0 gives a copy
 */
export function withOutline(
  rgba: Uint8ClampedArray,
  edge: number,
  width: number,
  colour: readonly [number, number, number] = [255, 255, 255],
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(rgba);
  if (width <= 0) return out;
  const distances = squaredDistances((i) => (rgba[i * 4 + 3] ?? 0) >= OPAQUE, edge);
  for (let i = 0; i < edge * edge; i += 1) {
    const border = Math.min(1, Math.max(0, width + 0.5 - Math.sqrt(distances[i] ?? 0)));
    if (border > 0) under(out, i * 4, border, colour);
  }
  return out;
}

/** Lays a colour with this opacity (0 to 1) behind one pixel. */
function under(out: Uint8ClampedArray, at: number, opacity: number, colour: readonly number[]): void {
  const above = (out[at + 3] ?? 0) / 255;
  const whole = above + opacity * (1 - above);
  for (let c = 0; c < 3; c += 1)
    out[at + c] = ((out[at + c] ?? 0) * above + (colour[c] ?? 0) * opacity * (1 - above)) / whole;
  out[at + 3] = whole * 255;
}
