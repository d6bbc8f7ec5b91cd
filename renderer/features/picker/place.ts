/** px between the dialog and what it stands beside, and to the window's edge. */
const gap = 8;

type Box = Pick<DOMRect, 'top' | 'bottom' | 'right'>;

/**
 * Where a box of `size` stands in a window of `room`, px: above the anchor where it fits, else below it, else as far
 * up as it can; its right edge at the anchor's, unless the window ends before.
 */
export function besideBox(
  anchor: Box,
  size: { width: number; height: number },
  room: { width: number; height: number },
): { left: number; top: number } {
  const within = (value: number, most: number) => Math.max(gap, Math.min(value, most - gap));
  const above = anchor.top - gap - size.height;
  const below = anchor.bottom + gap;
  const fitsBelow = below + size.height + gap <= room.height;
  const top = above >= gap || !fitsBelow ? above : below;
  return {
    left: within(anchor.right - size.width, room.width - size.width),
    top: within(top, room.height - size.height),
  };
}

/** The style that puts `dialog` beside `anchor`; none for the middle of the window. */
export function beside(anchor: HTMLElement | null, dialog: HTMLElement): Record<string, string> {
  if (!anchor?.isConnected) return {};
  const { innerWidth: width, innerHeight: height } = globalThis;
  const size = dialog.getBoundingClientRect();
  const { left, top } = besideBox(anchor.getBoundingClientRect(), size, { width, height });
  return { margin: '0', inset: 'auto', left: `${left}px`, top: `${top}px` };
}
