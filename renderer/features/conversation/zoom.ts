/** How a photo stands in the viewer: its scale (1 is a pixel for a pixel), and how far its middle is moved, px. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** px of the picture may become as large as this many px of the screen. */
const mostScale = 8;
/** One press of plus or minus. */
export const zoomStep = 1.5;

/** The scale at which a photo fits into the stage; a small one is not enlarged. */
export function fitScale(photo: Size, stage: Size): number {
  if (photo.width <= 0 || photo.height <= 0 || stage.width <= 0 || stage.height <= 0) return 1;
  return Math.min(1, stage.width / photo.width, stage.height / photo.height);
}

export const fitted = (photo: Size, stage: Size): View => ({ scale: fitScale(photo, stage), x: 0, y: 0 });

/** Within its limits: never smaller than it fits, never so far away that an edge leaves the stage's. */
export function within({ scale, x, y }: View, photo: Size, stage: Size): View {
  const fit = fitScale(photo, stage);
  const bounded = Math.min(Math.max(scale, fit), Math.max(mostScale, fit));
  const room = (length: number, of: number) => Math.max(0, (length * bounded - of) / 2);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value)) + 0;
  return {
    scale: bounded,
    x: clamp(x, room(photo.width, stage.width)),
    y: clamp(y, room(photo.height, stage.height)),
  };
}

/** Zooms so that the point under (`atX`, `atY`), px from the stage's middle, stays where it is. */
export function zoomed(
  view: View,
  to: number,
  o: { photo: Size; stage: Size; atX?: number; atY?: number },
): View {
  const { photo, stage, atX = 0, atY = 0 } = o;
  const { scale } = within({ ...view, scale: to }, photo, stage);
  const ratio = scale / view.scale;
  return within({ scale, x: atX - (atX - view.x) * ratio, y: atY - (atY - view.y) * ratio }, photo, stage);
}

export const isFitted = ({ scale }: View, photo: Size, stage: Size): boolean =>
  scale <= fitScale(photo, stage) + 1e-6;
