import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import type { Conversation, GroupNotify } from '../../../contract/conversations.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { conversationPage as pageSize } from '../../bridge/first-calls.ts';
import { bridge } from '../../bridge/index.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { inOrder } from './order.ts';

export type Folder = 'inbox' | 'archived';

interface FolderState {
  next: string | null;
  loaded: boolean;
  loading: boolean;
}

/** Every conversation that has been read so far, in both folders, kept up to date by the core's events. */
export const useInbox = defineStore('inbox', () => {
  const byId = shallowReactive(new Map<ConversationId, Conversation>());
  const unreadTotal = ref(0);
  const problem = ref<Problem | null>(null);
  const folders = ref<Record<Folder, FolderState>>({
    inbox: { next: null, loaded: false, loading: false },
    archived: { next: null, loaded: false, loading: false },
  });

  // Requests have a page of their own.
  const sorted = computed(() => [...byId.values()].filter(({ request }) => request === 'none').sort(inOrder));
  const lists = computed(() => ({
    inbox: sorted.value.filter(({ archived }) => !archived),
    archived: sorted.value.filter(({ archived }) => archived),
  }));

  /** The only way in: Notes to self has a name of the interface's language, not of the wire. */
  const keep = (item: Conversation): Conversation => {
    const named = item.kind === 'self' ? { ...item, name: t('conversation.self') } : item;
    byId.set(item.id, named);
    return named;
  };
  const take = (items: readonly Conversation[]) => items.forEach(keep);

  /** Reads the next page of a folder; the first one when nothing has been read. */
  async function more(folder: Folder): Promise<void> {
    const state = folders.value[folder];
    if (state.loading || (state.loaded && state.next === null)) return;
    state.loading = true;
    const outcome = await ask('conversations.list', { folder, before: state.next, limit: pageSize });
    state.loading = false;
    if (!outcome.ok) {
      // `start` asks before it is known whether anybody is.
      if (outcome.code !== 'not-signed-in') problem.value = outcome;
      return;
    }
    take(outcome.value.items);
    problem.value = null;
    state.next = outcome.value.next;
    state.loaded = true;
    unreadTotal.value = outcome.value.unreadTotal;
  }

  /** Everything of a folder, page by page: what a search by name needs. */
  async function all(folder: Folder): Promise<void> {
    await more(folder);
    while (folders.value[folder].next !== null && !problem.value) await more(folder);
  }

  /** Reads anew what has been read, after many changes at once; what is shown stays until then. */
  async function reset(): Promise<void> {
    for (const folder of ['inbox', 'archived'] as const) {
      const shown = Math.min(200, Math.max(pageSize, lists.value[folder].length));
      const outcome = await ask('conversations.list', { folder, before: null, limit: shown });
      if (!outcome.ok) continue;
      for (const { id } of lists.value[folder]) byId.delete(id);
      take(outcome.value.items);
      Object.assign(folders.value[folder], { next: outcome.value.next, loaded: true });
      unreadTotal.value = outcome.value.unreadTotal;
    }
  }

  function forgetAll() {
    byId.clear();
    unreadTotal.value = 0;
    for (const folder of Object.values(folders.value)) Object.assign(folder, { next: null, loaded: false });
  }

  function start() {
    bridge.on('conversations.changed', ({ items, unreadTotal: total }) => {
      take(items);
      unreadTotal.value = total;
    });
    bridge.on('conversations.reset', () => void reset());
    // Before it is known that it will be shown: nothing is waited for then.
    void more('inbox');
  }

  /** One conversation, from memory or from the core. Null when there is none. */
  async function get(id: ConversationId): Promise<Conversation | null> {
    const known = byId.get(id);
    if (known) return known;
    const outcome = await ask('conversations.get', { id });
    if (!outcome.ok) return null;
    return keep(outcome.value);
  }

  /** Shows a change at once and takes it back when the core refuses it. Returns whether it was done. */
  async function change(
    id: ConversationId,
    changed: Partial<Conversation>,
    call: () => ReturnType<typeof ask<'conversations.setPinned'>>,
  ): Promise<boolean> {
    const before = byId.get(id);
    if (before) byId.set(id, { ...before, ...changed });
    const outcome = await call();
    if (outcome.ok) return true;
    if (before) byId.set(id, before);
    useToasts().problem(outcome);
    return false;
  }

  const setPinned = (id: ConversationId, pinned: boolean) =>
    change(id, { pinned }, () => ask('conversations.setPinned', { id, pinned }));
  const setArchived = (id: ConversationId, archived: boolean) =>
    change(id, { archived }, () => ask('conversations.setArchived', { id, archived }));
  /** `until`: Unix ms, null for not muted. */
  const setMuted = (id: ConversationId, until: number | null) =>
    change(id, { mutedUntil: until }, () => ask('conversations.setMuted', { id, until }));

  /** Which messages of a group are announced. */
  function setNotify(id: ConversationId, notify: GroupNotify) {
    const group = byId.get(id)?.group;
    if (!group) return Promise.resolve(false);
    const ways = { group: { ...group, notify } };
    return change(id, ways, () => ask('conversations.setNotify', { id, notify }));
  }

  /** Makes (or finds) the conversation with somebody. */
  async function open(address: string) {
    const outcome = await ask('conversations.start', { address });
    if (outcome.ok) keep(outcome.value);
    return outcome;
  }

  return {
    byId,
    lists,
    folders,
    unreadTotal,
    problem,
    start,
    more,
    all,
    reset,
    forgetAll,
    get,
    open,
    setPinned,
    setArchived,
    setMuted,
    setNotify,
  };
});
