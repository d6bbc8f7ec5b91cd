/** Which rows of a long list are drawn: those in view, and some more for the next turn of the wheel. */
export interface VisibleRows {
  /** Index of the first row that is drawn. */
  readonly first: number;
  /** Index behind the last one. */
  readonly end: number;
}

/** Rows drawn beyond what is in view, on each side. */
const spare = 8;

/** All sizes in px. */
export function visibleRows(o: {
  scrolled: number;
  height: number;
  rowHeight: number;
  count: number;
}): VisibleRows {
  const first = Math.max(0, Math.min(o.count, Math.floor(o.scrolled / o.rowHeight) - spare));
  const shown = Math.ceil(o.height / o.rowHeight) + 2 * spare;
  return { first, end: Math.min(o.count, first + shown) };
}

/** Where a key moves the focus in a list; null for other keys. */
export function movedTo(key: string, at: number, count: number, page: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}
