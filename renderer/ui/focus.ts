/** The element that opened the menu that is or was open last: it stands for what is inside the menu. */
let opener: HTMLElement | null = null;

export function menuOpenedBy(element: HTMLElement | null): void {
  opener = element;
}

export const menuOpener = (): HTMLElement | null => opener;

/** Where the keyboard goes on when the element it was on has gone: the screen's most used one. */
const home = () => document.querySelector<HTMLElement>('[data-focus-home]');

export const inMenu = (element: Element | null): boolean => element?.closest('[role="menu"]') != null;

export const focusHome = (): void => home()?.focus();

/** Moves the focus to the screen's home, when it is nowhere (what had it has gone). */
export function focusHomeWhenLost(): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body || inMenu(activeElement)) home()?.focus();
}

/**
 * Remembers what has the focus now. The function it returns gives it back: to that element, to the button of the
 * menu it was in, or to the screen's home when both have gone.
 */
export function rememberFocus(): () => void {
  const active = document.activeElement;
  const before = inMenu(active) ? opener : active;
  return () => {
    if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
    if (document.activeElement !== before) focusHomeWhenLost();
  };
}
