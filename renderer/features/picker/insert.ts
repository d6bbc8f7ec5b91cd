/**
 * Puts text in a text box where its caret is, in place of what is selected. With the focus in the box it can be
 * undone like typing; otherwise (a dialog has the focus) it is put there, and the box told.
 */
export function insertAtCaret(box: HTMLTextAreaElement, text: string): void {
  replaceRange(box, box.selectionStart, box.selectionEnd, text);
}

/** The same in place of the characters from `start` to `end` (UTF-16 units). */
export function replaceRange(box: HTMLTextAreaElement, start: number, end: number, text: string): void {
  box.setSelectionRange(start, end);
  // Deprecated, and still the only way that the browser's own undo knows of.
  if (document.activeElement === box && document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, start, end, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}
