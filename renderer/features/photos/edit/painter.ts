import type { PhotoRecipe } from '../../../../contract/photo-recipe.ts';
import { create2dPainter } from './painter-2d.ts';
import { createWebglPainter } from './painter-webgl.ts';

/** The chosen photo, small: what the preview is drawn from. RGBA, not premultiplied. */
export interface Proxy {
  readonly pixels: ImageData;
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
}

/** Draws a proxy as a recipe says, by the arithmetic of the contract. */
export interface Painter {
  /** Which of the two it is, for tests and benches. */
  readonly kind: 'webgl' | '2d';
  /** Onto all of the canvas, as large as it is. */
  paint(recipe: PhotoRecipe): void;
  free(): void;
}

/** WebGL 2 where there is one, else the 2D canvas. A canvas has one kind of context for ever. */
export function createPainter(canvas: HTMLCanvasElement, proxy: Proxy, webgl: boolean): Painter {
  return (webgl ? createWebglPainter(canvas, proxy) : null) ?? create2dPainter(canvas, proxy);
}

/** Loads what `url` shows. Rejects where it can't be decoded. */
export async function loadProxy(url: string): Promise<Proxy> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  const { naturalWidth: width, naturalHeight: height } = image;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D canvas');
  context.drawImage(image, 0, 0);
  return { pixels: context.getImageData(0, 0, width, height), canvas, width, height };
}
