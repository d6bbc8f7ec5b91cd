/** What the keyboard does anywhere in the window. `Mod` is Ctrl, and the command key on a Mac. */
export const shortcutList = [
  { id: 'newChat', keys: ['Mod+N', 'Alt+N'] },
  { id: 'search', keys: ['Mod+K'] },
  { id: 'find', keys: ['Mod+F'] },
  { id: 'previous', keys: ['Alt+ArrowUp'] },
  { id: 'next', keys: ['Alt+ArrowDown'] },
  { id: 'send', keys: ['Enter'] },
  { id: 'newLine', keys: ['Shift+Enter'] },
  { id: 'reply', keys: ['R'] },
  { id: 'react', keys: ['E'] },
  { id: 'select', keys: ['Space'] },
  { id: 'options', keys: ['Shift+F10'] },
  { id: 'close', keys: ['Escape'] },
  { id: 'quit', keys: ['Mod+Q'] },
] as const;

/** The shortcuts that the window itself handles; the others belong to the element with the focus. */
export type WindowShortcut = 'newChat' | 'search' | 'find' | 'previous' | 'next' | 'quit';

const ofWindow = new Set<string>([
  'newChat',
  'search',
  'find',
  'previous',
  'next',
  'quit',
] satisfies WindowShortcut[]);

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

function matches(keys: string, event: Keys, mac: boolean): boolean {
  const parts = keys.split('+');
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  return (
    event.key.toLowerCase() === parts.at(-1)?.toLowerCase() &&
    mod === parts.includes('Mod') &&
    event.altKey === parts.includes('Alt') &&
    event.shiftKey === parts.includes('Shift') &&
    !other
  );
}

/** Which of the window's shortcuts a key press is, if any. */
export function shortcutOf(event: Keys, mac: boolean): WindowShortcut | null {
  const found = shortcutList.find(
    ({ id, keys }) => ofWindow.has(id) && keys.some((one) => matches(one, event, mac)),
  );
  // `ofWindow` has been asked: only those are left.
  return found ? (found.id as WindowShortcut) : null;
}

/** Those that a browser acts on before its page hears of them (Alt+N types a letter on a Mac). */
const ofBrowser: readonly string[] = ['Mod+N', 'Mod+Q'];

/** The keys of a shortcut that reach this window. */
export function keysThatReach(
  all: readonly string[],
  { own, mac }: { own: boolean; mac: boolean },
): readonly string[] {
  return all.filter((keys) => (own || !ofBrowser.includes(keys)) && !(mac && keys === 'Alt+N'));
}

const names: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

/** A shortcut as it stands on the keys: `Ctrl + N`, `⌘ N`. */
export function keysOf(keys: string, mac: boolean): string {
  const parts = keys.split('+').map((part) => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl';
    if (part === 'Alt' && mac) return '⌥';
    return names[part] ?? part;
  });
  return parts.join(mac ? ' ' : ' + ');
}
