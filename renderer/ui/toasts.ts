import { defineStore } from 'pinia';
import { ref } from 'vue';
import { problemText, type Problem } from '../texts/index.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'note' | 'problem';
  /** What Undo does, where something can be undone. */
  readonly undo: (() => void) | null;
}

/** How long a toast stays, ms: longer where it can be acted on. */
const noteMs = 4_000;
const longMs = 10_000;
const most = 3;

/** Short words about something that has just happened, at the bottom of the window. */
export const useToasts = defineStore('toasts', () => {
  const items = ref<Toast[]>([]);
  let lastId = 0;

  function dismiss(id: number) {
    items.value = items.value.filter((toast) => toast.id !== id);
  }

  function add(text: string, kind: Toast['kind'], undo: (() => void) | null) {
    lastId += 1;
    const id = lastId;
    const others = items.value.filter((toast) => toast.text !== text);
    items.value = [...others.slice(1 - most), { id, text, kind, undo }];
    setTimeout(() => dismiss(id), kind === 'problem' || undo ? longMs : noteMs);
  }

  const note = (text: string, undo: (() => void) | null = null) => add(text, 'note', undo);
  const problem = (what: Problem) => add(problemText(what), 'problem', null);
  /** Takes back words that no longer hold, with their Undo. */
  const withdraw = (text: string) => (items.value = items.value.filter((toast) => toast.text !== text));
  const dismissAll = () => (items.value = []);
  return { items, note, problem, dismiss, withdraw, dismissAll };
});
