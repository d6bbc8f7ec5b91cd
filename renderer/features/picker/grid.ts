import { groups, type Emoji, type Group } from './emoji.ts';

export const columns = 9;

/** One emoji as it stands in the grid, in the form in which it would be inserted. */
export interface Cell {
  readonly text: string;
  readonly name: string;
  /** Null for one that the data do not know. */
  readonly emoji: Emoji | null;
}

export interface Section {
  readonly id: Group | 'recent' | 'found';
  readonly rows: readonly (readonly Cell[])[];
}

/** Cells in rows of nine. */
export function sectionOf(id: Section['id'], cells: readonly Cell[]): Section {
  const rows: Cell[][] = [];
  for (let at = 0; at < cells.length; at += columns) rows.push(cells.slice(at, at + columns));
  return { id, rows };
}

/** What is shown without a search: recents, if there are any, and all kinds. */
export function sectionsOf(recents: readonly Cell[], all: readonly Cell[]): Section[] {
  const kinds = groups.map((group) =>
    sectionOf(
      group,
      all.filter(({ emoji }) => emoji?.group === group),
    ),
  );
  return [sectionOf('recent', recents), ...kinds].filter(({ rows }) => rows.length > 0);
}

/** A place in the grid: which section, row and column. */
export interface Place {
  readonly section: number;
  readonly row: number;
  readonly column: number;
}

type Step = (sections: readonly Section[], from: Place) => Place | null;

const rowAt = (sections: readonly Section[], { section, row }: Place) => sections[section]?.rows[row] ?? [];

/** The row below or above, through the sections; the column as far as that row goes. Null beyond the first and last. */
function vertical(sections: readonly Section[], from: Place, by: number): Place | null {
  let { section, row } = from;
  row += by;
  const rows = sections[section]?.rows.length ?? 0;
  if (row < 0) {
    section -= 1;
    row = (sections[section]?.rows.length ?? 0) - 1;
  } else if (row >= rows) {
    section += 1;
    row = 0;
  }
  const found = sections[section]?.rows[row];
  return found ? { section, row, column: Math.min(from.column, found.length - 1) } : null;
}

/** The cell after or before, through rows and sections. */
function horizontal(sections: readonly Section[], from: Place, by: 1 | -1): Place | null {
  const column = from.column + by;
  if (column >= 0 && column < rowAt(sections, from).length) return { ...from, column };
  const next = vertical(sections, from, by);
  return next && { ...next, column: by === 1 ? 0 : rowAt(sections, next).length - 1 };
}

function pages(sections: readonly Section[], from: Place, by: 1 | -1): Place | null {
  let at = from;
  for (let row = 0; row < 5; row += 1) at = vertical(sections, at, by) ?? at;
  return at;
}

const steps: Readonly<Record<string, Step>> = {
  ArrowRight: (sections, from) => horizontal(sections, from, 1),
  ArrowLeft: (sections, from) => horizontal(sections, from, -1),
  ArrowDown: (sections, from) => vertical(sections, from, 1),
  ArrowUp: (sections, from) => vertical(sections, from, -1),
  PageDown: (sections, from) => pages(sections, from, 1),
  PageUp: (sections, from) => pages(sections, from, -1),
  Home: (_sections, from) => ({ ...from, column: 0 }),
  End: (sections, from) => ({ ...from, column: rowAt(sections, from).length - 1 }),
};

/** Whether a key walks the grid. */
export const isStep = (key: string): boolean => Object.hasOwn(steps, key);

/** Where a key leads from a place; null out of the grid. */
export const stepFrom = (sections: readonly Section[], from: Place, key: string): Place | null =>
  steps[key]?.(sections, from) ?? null;
