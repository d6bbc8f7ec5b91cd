import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { AccountSettings } from '../../../contract/account-settings.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useApp } from '../shell/app.ts';

/** What belongs to the account and holds on all its devices. */
export const useAccountSettings = defineStore('account-settings', () => {
  /** Null while nobody is signed in. */
  const current = ref<AccountSettings | null>(null);

  /** Changes that the core has not answered yet, and how many there ever were. */
  let pending = 0;
  let made = 0;
  /** Something changed while the answer to a change was awaited. */
  let missed = false;

  /** What the core says, unless something was changed here meanwhile: then its answer is about the time before. */
  async function load() {
    const before = made;
    missed = false;
    const outcome = await ask('accountSettings.get', {});
    if (outcome.ok && pending === 0 && made === before) current.value = outcome.value;
  }

  /**
   * Shows a change at once and takes it back when it can't be stored. Of several in a row the last one stands: answers to
   * those before it, and what windows are told of them, change nothing.
   */
  async function set(changed: Partial<AccountSettings>) {
    pending += 1;
    made += 1;
    if (current.value) current.value = { ...current.value, ...changed };
    const outcome = await ask('accountSettings.set', changed);
    pending -= 1;
    if (!outcome.ok) useToasts().problem(outcome);
    if (pending > 0) return;
    if (outcome.ok) current.value = outcome.value;
    if (!outcome.ok || missed) await load();
  }

  function start() {
    // Events and answers come by different ways: what is told may be older than an answer. So it is asked for.
    bridge.on('accountSettings.changed', () => {
      missed = true;
      if (pending === 0) void load();
    });
    watch(
      () => useApp().account?.address,
      (address) => {
        current.value = null;
        if (address !== undefined) void load();
      },
      { immediate: true },
    );
  }

  return { current, start, load, set };
});
