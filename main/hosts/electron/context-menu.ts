import {
  clipboard,
  Menu,
  type ContextMenuParams,
  type MenuItemConstructorOptions,
  type WebContents,
} from 'electron';
import type { Spelling } from './spelling.ts';
import { texts } from './texts.ts';

/** The text box's menu with spelling, cut, copy and paste; copy for selected text; links; save and copy for pictures. */
export function addContextMenu(contents: WebContents, spelling: Spelling): void {
  contents.on('context-menu', (_event, params) => {
    const items = parts(contents, params, spelling)
      .filter((part) => part.length > 0)
      .flatMap((part, n) => (n === 0 ? part : [{ type: 'separator' } as const, ...part]));
    // Where the page shows a menu of its own there is nothing left to offer.
    if (items.length > 0) Menu.buildFromTemplate(items).popup();
  });
}

function parts(
  contents: WebContents,
  params: ContextMenuParams,
  spelling: Spelling,
): MenuItemConstructorOptions[][] {
  return [
    params.isEditable ? suggestions(contents, params) : [],
    params.linkURL === '' ? [] : link(params.linkURL),
    params.mediaType === 'image' && params.hasImageContents ? picture(contents, params) : [],
    params.isEditable ? editing(params) : selection(params),
    params.isEditable && params.formControlType !== 'input-password' ? spelling.menuItems() : [],
  ];
}

function suggestions(contents: WebContents, params: ContextMenuParams): MenuItemConstructorOptions[] {
  const { misspelledWord, dictionarySuggestions } = params;
  if (misspelledWord === '') return [];
  const words = dictionarySuggestions.map((word) => ({
    label: word,
    click: () => {
      contents.replaceMisspelling(word);
    },
  }));
  const add = {
    label: texts.addToDictionary,
    click: () => {
      contents.session.addWordToSpellCheckerDictionary(misspelledWord);
    },
  };
  return [...(words.length > 0 ? words : [{ label: texts.noSuggestions, enabled: false }]), add];
}

function editing({ editFlags }: ContextMenuParams): MenuItemConstructorOptions[] {
  return [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}

function selection({ selectionText }: ContextMenuParams): MenuItemConstructorOptions[] {
  return selectionText.trim() === '' ? [] : [{ role: 'copy' }];
}

function link(url: string): MenuItemConstructorOptions[] {
  if (!/^(https?|mailto):/i.test(url)) return [];
  const mail = /^mailto:/i.test(url);
  const text = mail ? url.slice('mailto:'.length) : url;
  return [{ label: mail ? texts.copyEmail : texts.copyLink, click: () => void clipboard.writeText(text) }];
}

function picture(contents: WebContents, { x, y, srcURL }: ContextMenuParams): MenuItemConstructorOptions[] {
  return [
    { label: texts.copyPicture, click: () => contents.copyImageAt(x, y) },
    { label: texts.savePicture, click: () => contents.downloadURL(srcURL) },
  ];
}
