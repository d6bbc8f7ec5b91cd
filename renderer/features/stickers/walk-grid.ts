/** How the arrow keys go through pictures that stand in rows; WAI-ARIA, "grid" without its table. */
export function nextInRows(
  places: readonly { readonly left: number; readonly top: number }[],
  from: number,
  key: string,
): number | null {
  const here = places[from];
  if (here === undefined) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return places.length - 1;
  if (key === 'ArrowRight') return from + 1 < places.length ? from + 1 : null;
  if (key === 'ArrowLeft') return from > 0 ? from - 1 : null;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const down = key === 'ArrowDown';
  const beyond = places.map(({ top }) => top).filter((top) => (down ? top > here.top : top < here.top));
  if (beyond.length === 0) return null;
  const row = down ? Math.min(...beyond) : Math.max(...beyond);
  const inRow = places.flatMap(({ left, top }, index) => (top === row ? [{ left, index }] : []));
  const nearest = inRow.reduce((best, one) =>
    Math.abs(one.left - here.left) < Math.abs(best.left - here.left) ? one : best,
  );
  return nearest.index;
}
