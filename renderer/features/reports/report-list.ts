import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ReportDetails, ReportSummary } from '../../../contract/reports.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

const PAGE = 50;

/** What was reported so far, and the one that is looked at. */
export const useReportList = defineStore('report-list', () => {
  const items = shallowRef<readonly ReportSummary[]>([]);
  const next = ref<string | null>(null);
  const loaded = ref(false);
  const details = shallowRef<ReportDetails | null>(null);
  let shown: number | null = null;

  async function load() {
    const limit = Math.min(200, Math.max(PAGE, items.value.length));
    const outcome = await ask('reports.list', { before: null, limit });
    if (!outcome.ok) return useToasts().problem(outcome);
    items.value = outcome.value.items;
    next.value = outcome.value.next;
    loaded.value = true;
  }

  async function more() {
    const outcome = await ask('reports.list', { before: next.value, limit: PAGE });
    if (!outcome.ok) return useToasts().problem(outcome);
    const known = new Set(items.value.map(({ id }) => id));
    items.value = [...items.value, ...outcome.value.items.filter(({ id }) => !known.has(id))];
    next.value = outcome.value.next;
  }

  /** False: there is no such report any more. */
  async function open(id: number): Promise<boolean> {
    if (shown !== id) details.value = null;
    shown = id;
    const outcome = await ask('reports.get', { id });
    if (shown !== id) return true;
    details.value = outcome.ok ? outcome.value : null;
    return outcome.ok;
  }

  async function note(id: number, text: string): Promise<boolean> {
    const outcome = await ask('reports.note', { id, text });
    if (!outcome.ok) {
      useToasts().problem(outcome);
      return false;
    }
    if (shown === id) details.value = outcome.value;
    return true;
  }

  async function send(id: number) {
    const outcome = await ask('reports.send', { id });
    if (!outcome.ok) useToasts().problem(outcome);
  }

  async function remove(id: number): Promise<boolean> {
    const outcome = await ask('reports.delete', { id });
    if (!outcome.ok) useToasts().problem(outcome);
    else useToasts().note(t('reports.deleted'));
    return outcome.ok;
  }

  /** Saves the ZIP the browser's way: it asks where to, or puts it among the downloads. */
  async function save(id: number) {
    const outcome = await ask('reports.export', { id });
    if (!outcome.ok) return useToasts().problem(outcome);
    const { url, name, absent } = outcome.value;
    if (absent > 0) useToasts().note(t('reports.exportLost', { n: absent }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
  }

  /** Nothing of an account is left in the window once it has been signed out. */
  function forgetAll() {
    items.value = [];
    next.value = null;
    loaded.value = false;
    details.value = null;
    shown = null;
  }

  bridge.on('reports.changed', ({ id }) => {
    if (loaded.value) void load();
    if (shown === id && details.value !== null) void open(id);
  });

  return { items, next, loaded, details, load, more, open, note, send, remove, save, forgetAll };
});
