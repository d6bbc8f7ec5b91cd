import { BLUR_SHARE, colourNumbers } from '../../../../contract/photo-arithmetic.ts';
import { editedSize, sourceOf } from '../../../../contract/photo-geometry.ts';
import { changeInStrips } from '../../../../contract/photo-pixels.ts';
import { keepsColours } from '../../../../contract/photo-recipe.ts';
import type { Painter, Proxy } from './painter.ts';

/** The preview without a graphics processor: the browser places the pixels, the contract's loops colour them. */
export function create2dPainter(canvas: HTMLCanvasElement, proxy: Proxy): Painter {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D canvas');
  return {
    kind: '2d',
    paint(recipe) {
      const { width, height } = canvas;
      const [a, b, c, d, e, f] = sourceOf(proxy, recipe);
      // The map goes from the result to the proxy; the canvas wants the way back, in px.
      const back = new DOMMatrix([
        (a * proxy.width) / width,
        (d * proxy.height) / width,
        (b * proxy.width) / height,
        (e * proxy.height) / height,
        c * proxy.width,
        f * proxy.height,
      ]).inverse();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.setTransform(back);
      context.imageSmoothingQuality = 'high';
      context.drawImage(proxy.canvas, 0, 0);
      if (keepsColours(recipe)) return;
      const { data } = context.getImageData(0, 0, width, height);
      const whole = editedSize(proxy, recipe);
      const scale = Math.max(width, height) / Math.max(whole.width, whole.height);
      const sigma = Math.max(0.3, BLUR_SHARE * Math.max(proxy.width, proxy.height) * scale);
      changeInStrips({ data, width, height, channels: 4 }, colourNumbers(recipe), sigma);
      context.putImageData(new ImageData(data, width, height), 0, 0);
    },
    free: () => undefined,
  };
}
