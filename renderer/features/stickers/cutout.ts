/** px of the square that is worked on. */
export const EDGE = 512;
/** How much of each pixel is kept, 0 to 255. */
export type Mask = Uint8Array<ArrayBuffer>;
export type Pixels = Uint8ClampedArray<ArrayBuffer>;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const fullMask = (): Mask => new Uint8Array(EDGE * EDGE).fill(255);

/** A round brush drawn from one point to another, with an edge that is 1 px soft. `value`: 0 erases, 255 brings back. */
export function stroke(mask: Mask, from: Point, to: Point, radius: number, value: 0 | 255): Mask {
  const out = new Uint8Array(mask);
  const reach = radius + 1;
  const [left, right] = span(from.x, to.x, reach);
  const [top, bottom] = span(from.y, to.y, reach);
  for (let y = top; y <= bottom; y += 1)
    for (let x = left; x <= right; x += 1) {
      const cover = Math.min(1, Math.max(0, radius + 0.5 - distanceToLine({ x, y }, from, to)));
      if (cover === 0) continue;
      const at = y * EDGE + x;
      out[at] = Math.round((out[at] ?? 0) * (1 - cover) + value * cover);
    }
  return out;
}

const span = (a: number, b: number, reach: number): [number, number] => [
  Math.max(0, Math.floor(Math.min(a, b) - reach)),
  Math.min(EDGE - 1, Math.ceil(Math.max(a, b) + reach)),
];

function distanceToLine(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/** How far two colours are apart as the eye sees it, 0 to about 765 ("redmean", a weighted distance in sRGB). */
function difference(rgba: Pixels, a: number, b: number): number {
  const red = ((rgba[a] ?? 0) + (rgba[b] ?? 0)) / 2;
  const d = (channel: number) => (rgba[a + channel] ?? 0) - (rgba[b + channel] ?? 0);
  return Math.sqrt((2 + red / 256) * d(0) ** 2 + 4 * d(1) ** 2 + (2 + (255 - red) / 256) * d(2) ** 2);
}

/** Of the difference that is still erased: from there on it fades out. */
const SOFT = 0.8;

/**
 * Erases what has the colour of one point: where it is connected with it, or everywhere.
 * @param tolerance 0 to 100
 */
export function eraseColour(
  rgba: Pixels,
  mask: Mask,
  point: Point,
  o: { readonly tolerance: number; readonly everywhere: boolean },
): Mask {
  const seed = clamp(point.y) * EDGE + clamp(point.x);
  const limit = 4 + o.tolerance * 3;
  const out = new Uint8Array(mask);
  const erase = (i: number): boolean => {
    const apart = difference(rgba, i * 4, seed * 4);
    if (apart > limit) return false;
    const keep = Math.max(0, (apart / limit - SOFT) / (1 - SOFT)) * 255;
    out[i] = Math.min(out[i] ?? 0, keep);
    return true;
  };
  if (o.everywhere) for (let i = 0; i < EDGE * EDGE; i += 1) erase(i);
  else flood(seed, erase);
  return out;
}

/** Goes on from pixel to pixel, up, down, left and right, as long as they are taken. */
function flood(seed: number, take: (index: number) => boolean): void {
  const seen = new Uint8Array(EDGE * EDGE);
  const waiting = [seed];
  seen[seed] = 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (!take(at)) continue;
    const x = at % EDGE;
    for (const next of [x > 0 ? at - 1 : -1, x < EDGE - 1 ? at + 1 : -1, at - EDGE, at + EDGE]) {
      if (next < 0 || next >= EDGE * EDGE || seen[next] === 1) continue;
      seen[next] = 1;
      waiting.push(next);
    }
  }
}

const clamp = (value: number): number => Math.min(EDGE - 1, Math.max(0, Math.round(value)));

/** Erases what is connected with the corners: the background of most pictures of one thing. */
export function eraseCorners(
  rgba: Pixels,
  mask: Mask,
  o: { readonly tolerance: number; readonly everywhere: boolean },
): Mask {
  const far = EDGE - 1;
  const corners = [0, far].flatMap((y) => [0, far].map((x) => ({ x, y })));
  return corners.reduce((sum, corner) => eraseColour(rgba, sum, corner, o), mask);
}

/** The picture with what the mask leaves of it. */
export function masked(rgba: Pixels, mask: Mask): Pixels {
  const out = new Uint8ClampedArray(rgba);
  for (let i = 0; i < EDGE * EDGE; i += 1) out[i * 4 + 3] = ((out[i * 4 + 3] ?? 0) * (mask[i] ?? 0)) / 255;
  return out;
}

/** Whether enough is left to be seen. */
export function isVisible(rgba: Pixels): boolean {
  let seen = 0;
  for (let i = 3; i < rgba.length; i += 4) if ((rgba[i] ?? 0) >= 128) seen += 1;
  return seen >= 64;
}
