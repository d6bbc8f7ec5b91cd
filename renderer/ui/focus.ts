/** The element that opened the menu that is or was open last: it stands for what is inside the menu. */
let opener: HTMLElement | null = null;

export function menuOpenedBy(element: HTMLElement | null): void {
  opener = element;
}

export const menuOpener = (): HTMLElement | null => opener;

/** Where the keyboard goes on when the element it was on has gone: the screen's most used one. */
/** The page as a whole, which may have the focus while nothing in it has. */
const page = () => document.querySelector<HTMLElement>('[data-focus-page]');
const home = () => document.querySelector<HTMLElement>('[data-focus-home]');

export const inMenu = (element: Element | null): boolean => element?.closest('[role="menu"]') != null;

export const focusHome = (): void => home()?.focus();

/** Whether nothing has the focus: what had it has gone. */
function lost(): boolean {
  const { activeElement } = document;
  return activeElement === null || [document.body, page()].some((one) => one === activeElement);
}

/** Moves the focus to the screen's home, when it is nowhere. */
export function focusHomeWhenLost(): void {
  if (lost() || inMenu(document.activeElement)) home()?.focus();
}

/** Lets the keyboard go on in the page that has come, not at the top of the window, when it was in one that went. */
export function focusPageWhenLost(): void {
  if (lost()) page()?.focus({ preventScroll: true });
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
