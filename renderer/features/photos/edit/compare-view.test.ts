import { expect, it } from 'vitest';
import { keptInView, zoomedAt } from './compare-view.ts';

const picture = { width: 1000, height: 500 };
const room = { width: 400, height: 400 };

it('zooming leaves what is under the pointer where it is, there and back', () => {
  const view = { zoom: 1, x: -100, y: -20 };
  const at = { x: 150, y: 80 };
  const nearer = zoomedAt(view, 2, at);
  expect((at.x - nearer.x) / nearer.zoom).toBe((at.x - view.x) / view.zoom);
  expect((at.y - nearer.y) / nearer.zoom).toBe((at.y - view.y) / view.zoom);
  expect(zoomedAt(nearer, 1, at)).toEqual(view);
});

it('no empty room is left where there is picture for it', () => {
  expect(keptInView({ zoom: 1, x: 50, y: 10 }, picture, room)).toEqual({ zoom: 1, x: 0, y: 0 });
  expect(keptInView({ zoom: 1, x: -900, y: -900 }, picture, room)).toEqual({ zoom: 1, x: -600, y: -100 });
  const inside = { zoom: 1, x: -300, y: -50 };
  expect(keptInView(inside, picture, room)).toEqual(inside);
});

it('what is smaller than the room is in its middle', () => {
  expect(keptInView({ zoom: 0.2, x: 99, y: 99 }, picture, room)).toEqual({ zoom: 0.2, x: 100, y: 150 });
});
