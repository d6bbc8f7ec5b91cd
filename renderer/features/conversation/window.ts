import type { Message } from '../../../contract/messages.ts';

/** The most messages in the page at once. */
export const windowSize = 160;
/** The least a message takes, px: one line of text, under another one by the same person. */
const leastHeight = 39;

/** What a conversation's header and its text box take of the window at least, px. */
const aroundLog = 116;

/**
 * How many are read on opening: what surely fills a window so high (px), painted at once; what is above it comes
 * right afterwards.
 */
export const openingSize = (height: number): number =>
  Math.min(60, Math.max(12, Math.ceil((height - aroundLog) / leastHeight)));

/** How many are read at a time while scrolling: few enough for one frame. */
export const pageSize = 16;

/** The messages in memory: a gap-free piece of the conversation. */
export interface Window {
  readonly items: readonly Message[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

export const emptyWindow: Window = { items: [], hasOlder: false, hasNewer: false };

/** Positions are numbers with dots between them, each compared as a number: `5.10` comes after `5.9`. */
export function comparePositions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const byPosition = (a: Message, b: Message): number => comparePositions(a.position, b.position);

/** Joins two lists in order; of a message that is in both, the one of `newer` counts. */
function join(older: readonly Message[], newer: readonly Message[]): Message[] {
  const byId = new Map([...older, ...newer].map((message) => [message.id, message]));
  return [...byId.values()].sort(byPosition);
}

/** Adds a page of older messages, and lets go of the newest ones above the window's size. */
export function withOlder(window: Window, page: Window): Window {
  const items = join(page.items, window.items);
  const dropped = items.length > windowSize;
  return {
    items: items.slice(0, windowSize),
    hasOlder: page.hasOlder,
    hasNewer: window.hasNewer || dropped,
  };
}

/** Adds a page of newer messages, and lets go of the oldest ones above the window's size. */
export function withNewer(window: Window, page: Window): Window {
  const items = join(window.items, page.items);
  const dropped = items.length > windowSize;
  return {
    items: items.slice(-windowSize),
    hasOlder: window.hasOlder || dropped,
    hasNewer: page.hasNewer,
  };
}

/**
 * New and changed messages as the core tells of them. What lies outside the window is left out: it is read
 * when the window comes there. `atEnd`: the reader is at the newest message, so the oldest may be let go of.
 */
export function withChanges(window: Window, changed: readonly Message[], atEnd: boolean): Window {
  const known = new Set(window.items.map(({ id }) => id));
  const first = window.items[0]?.position;
  const last = window.items.at(-1)?.position;
  const inside = changed.filter(({ id, position }) => {
    if (known.has(id) || first === undefined || last === undefined) return true;
    const after = comparePositions(position, first) > 0;
    const before = comparePositions(position, last) < 0;
    return (after || !window.hasOlder) && (before || !window.hasNewer);
  });
  if (inside.length === 0) return window;
  const items = join(window.items, inside);
  if (!atEnd || items.length <= windowSize) return { ...window, items };
  return { ...window, items: items.slice(-windowSize), hasOlder: true };
}

export function without(window: Window, ids: ReadonlySet<number>): Window {
  return { ...window, items: window.items.filter(({ id }) => !ids.has(id)) };
}
