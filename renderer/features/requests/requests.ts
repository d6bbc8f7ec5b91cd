import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { GroupInvitation, MessageRequest } from '../../../contract/requests.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useApp } from '../shell/app.ts';

const pageSize = 50;

interface Somebody {
  readonly address: string;
  readonly name: string;
}

/** Requests that wait for an answer, as far as they have been read, and how many there are. */
export const useRequests = defineStore('requests', () => {
  const items = ref<readonly MessageRequest[]>([]);
  const invitations = ref<readonly GroupInvitation[]>([]);
  const total = ref(0);
  const loaded = ref(false);
  const problem = ref<Problem | null>(null);
  let next: string | null = null;
  let wanted = pageSize;
  /** Counts what was asked: only the newest answer counts. */
  let asked = 0;

  /** Reads the list from its beginning, as far as it was read before. */
  async function load(): Promise<void> {
    asked += 1;
    const mine = asked;
    const outcome = await ask('requests.list', { before: null, limit: Math.min(200, wanted) });
    if (mine !== asked) return;
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return;
    items.value = outcome.value.items;
    invitations.value = outcome.value.invitations;
    total.value = outcome.value.total;
    next = outcome.value.next;
    loaded.value = true;
  }

  /** The next page, where there is one. */
  async function more(): Promise<void> {
    if (next === null) return;
    const from = next;
    next = null;
    const mine = asked;
    const outcome = await ask('requests.list', { before: from, limit: pageSize });
    if (!outcome.ok || mine !== asked) return;
    items.value = [...items.value, ...outcome.value.items];
    next = outcome.value.next;
    wanted = items.value.length;
  }

  async function accept(address: string): Promise<boolean> {
    const outcome = await ask('requests.accept', { address });
    if (!outcome.ok) useToasts().problem(outcome);
    return outcome.ok;
  }

  /** Takes it out at once; a word with Undo stands in for asking before. Whether it is done. */
  async function remove({ address, name }: Somebody): Promise<boolean> {
    const outcome = await ask('requests.delete', { address });
    if (!outcome.ok) {
      useToasts().problem(outcome);
      return false;
    }
    useToasts().note(t('requests.deleted', { name }), () => void undo('requests.restore', { address }));
    return true;
  }

  /** Lists somebody no longer, before the core says so: what is shown next must not be who has just gone. */
  function forget(address: string): void {
    items.value = items.value.filter((item) => item.address !== address);
  }

  async function removeInvitation({ id, room }: GroupInvitation): Promise<void> {
    const outcome = await ask('requests.deleteInvitation', { id });
    if (!outcome.ok) return useToasts().problem(outcome);
    const words = t('requests.invitationDeleted', { room });
    useToasts().note(words, () => void undo('requests.restoreInvitation', { id }));
  }

  async function undo(...[name, params]: Undo): Promise<void> {
    // Each name has its own parameters, which a union can't express.
    const outcome = await ask(name, params as never);
    if (!outcome.ok) useToasts().problem(outcome);
  }

  function start() {
    bridge.on('requests.changed', (changed) => {
      total.value = changed.total;
      void load();
    });
    // Names come in later than what somebody wrote.
    bridge.on('people.changed', (changed) => {
      const addresses = new Set(changed.items.map(({ address }) => address));
      if (items.value.some(({ address }) => addresses.has(address))) void load();
    });
    bridge.on('conversations.reset', () => void load());
    watch(
      () => useApp().account?.address,
      (address) => {
        items.value = [];
        invitations.value = [];
        total.value = 0;
        loaded.value = false;
        if (address !== undefined) void load();
      },
      { immediate: true },
    );
  }

  return {
    items,
    invitations,
    total,
    loaded,
    problem,
    start,
    load,
    more,
    accept,
    remove,
    forget,
    removeInvitation,
  };
});

type Undo =
  ['requests.restore', { address: string }] | ['requests.restoreInvitation', { id: GroupInvitation['id'] }];
