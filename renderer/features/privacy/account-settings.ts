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

  async function load() {
    const outcome = await ask('accountSettings.get', {});
    if (outcome.ok) current.value = outcome.value;
  }

  /** Shows a change at once and takes it back when it can't be stored. */
  async function set(changed: Partial<AccountSettings>) {
    const before = current.value;
    if (before) current.value = { ...before, ...changed };
    const outcome = await ask('accountSettings.set', changed);
    if (outcome.ok) current.value = outcome.value;
    else {
      current.value = before;
      useToasts().problem(outcome);
    }
  }

  function start() {
    bridge.on('accountSettings.changed', (changed) => (current.value = changed));
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
