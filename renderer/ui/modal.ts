let open = 0;

/**
 * Takes the page behind a modal dialog out of the accessibility tree. The browser makes it inert, which not
 * every assistive technology reads. Returns the function that brings it back.
 */
export function hideBehind(): () => void {
  open += 1;
  document.getElementById('app')?.setAttribute('aria-hidden', 'true');
  let done = false;
  return () => {
    if (done) return;
    done = true;
    open -= 1;
    if (open === 0) document.getElementById('app')?.removeAttribute('aria-hidden');
  };
}

/** Whether a modal dialog is open: shortcuts of the page then do nothing. */
export const isModalOpen = (): boolean => open > 0;
