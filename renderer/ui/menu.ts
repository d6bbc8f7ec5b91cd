import type { Component } from 'vue';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon: Component;
  readonly danger?: boolean;
  /** What it does, in smaller words below; no part of its name. */
  readonly note?: string;
}

/** Where a menu opens and who gets the focus back. */
export interface MenuAnchor {
  rect(): DOMRect;
  readonly returnTo: HTMLElement | null;
  readonly align: 'start' | 'end';
  readonly side: 'bottom' | 'top';
}

/** A menu at a button. */
export const atElement = (
  element: HTMLElement,
  align: MenuAnchor['align'] = 'start',
  side: MenuAnchor['side'] = 'bottom',
): MenuAnchor => ({ rect: () => element.getBoundingClientRect(), returnTo: element, align, side });

/** A context menu at the pointer; opened by the keyboard it stands at the element with the focus. */
export function atEvent(event: MouseEvent): MenuAnchor {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const { clientX: x, clientY: y } = event;
  if (x === 0 && y === 0 && focused) return atElement(focused);
  return { rect: () => new DOMRect(x, y, 0, 0), returnTo: focused, align: 'start', side: 'bottom' };
}
