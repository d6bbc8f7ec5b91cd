/** The words of the system's own surfaces (menus, tray, dialogs); everything in the page is in the renderer's texts. */
export const texts = {
  file: 'File',
  closeWindow: 'Close window',
  quit: 'Quit Postcard',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  open: 'Open Postcard',
  unread: (count: number) => (count === 1 ? '1 unread message' : `${String(count)} unread messages`),
  noSuggestions: 'No suggestions',
  addToDictionary: 'Add to dictionary',
  checkSpelling: 'Check spelling',
  /** Nothing is fetched from the network unasked, so the label says that this does. */
  checkSpellingDownloads: 'Check spelling (downloads a dictionary)',
  copyLink: 'Copy link',
  copyEmail: 'Copy email address',
  copyPicture: 'Copy picture',
  savePicture: 'Save picture as…',
  problemTitle: 'Something went wrong in Postcard',
  problem: (log: string) =>
    `Postcard goes on, and your messages are safe. If it behaves oddly, quit and start it again.\n\nDetails are in ${log}`,
  startTitle: 'Postcard could not start',
} as const;
