import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { BlockedPerson, ReachState } from '../../../contract/reach.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useApp } from '../shell/app.ts';

interface Somebody {
  readonly address: string;
  readonly name: string;
}

/** Who is blocked, and how far the choice of who can write holds. */
export const useReach = defineStore('reach', () => {
  const state = ref<ReachState>({ enforcedBy: 'unknown', waiting: false, problem: null });
  const blocked = ref<readonly BlockedPerson[]>([]);
  const addresses = computed(() => new Set(blocked.value.map(({ address }) => address)));
  const isBlocked = (address: string) =>
    addresses.value.has(address) || addresses.value.has(address.slice(address.indexOf('@') + 1));

  async function load() {
    const [now, list] = await Promise.all([ask('reach.state', {}), ask('reach.blocked', {})]);
    if (now.ok) state.value = now.value;
    if (list.ok) blocked.value = list.value.items;
  }

  /** Blocks at once; a word with Undo stands in for asking before. Whether it is done. */
  async function block({ address, name }: Somebody): Promise<boolean> {
    const outcome = await ask('reach.block', { address });
    if (!outcome.ok) {
      useToasts().problem(outcome);
      return false;
    }
    const { wasFollowing } = outcome.value;
    useToasts().note(t('privacy.blockedToast', { name }), () => void undo(address, wasFollowing));
    return true;
  }

  async function undo(address: string, wasFollowing: boolean) {
    const outcome = await ask('reach.unblock', { address });
    if (!outcome.ok) return useToasts().problem(outcome);
    const followed = wasFollowing ? await ask('people.follow', { address }) : outcome;
    if (!followed.ok) useToasts().problem(followed);
  }

  async function unblock({ address, name }: Somebody) {
    const outcome = await ask('reach.unblock', { address });
    if (!outcome.ok) return useToasts().problem(outcome);
    useToasts().withdraw(t('privacy.blockedToast', { name }));
    useToasts().note(t('privacy.unblockedToast', { name }));
  }

  function start() {
    bridge.on('reach.changed', (changed) => {
      const { problem } = changed;
      if (problem !== null && problem !== state.value.problem) {
        useToasts().problem({ code: problem, detail: {} });
      }
      state.value = changed;
    });
    bridge.on('reach.blockedChanged', ({ items }) => (blocked.value = items));
    watch(
      () => useApp().account?.address,
      (address) => {
        blocked.value = [];
        if (address !== undefined) void load();
      },
      { immediate: true },
    );
  }

  return { state, blocked, isBlocked, start, load, block, unblock };
});
