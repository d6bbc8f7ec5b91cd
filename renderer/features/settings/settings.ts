import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { Settings } from '../../../contract/settings.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** What belongs to this machine: the look, notifications, how much may be kept. */
export const useSettings = defineStore('settings', () => {
  const current = ref<Settings | null>(null);
  /** Bytes that received and sent pictures take up on this computer. */
  const mediaBytes = ref(0);

  async function load() {
    const outcome = await ask('settings.get', {});
    if (!outcome.ok) return;
    const { mediaBytes: bytes, ...rest } = outcome.value;
    current.value = rest;
    mediaBytes.value = bytes;
  }

  /** Shows a change at once and takes it back when it can't be stored. */
  async function set(changed: Partial<Settings>) {
    const before = current.value;
    if (before) current.value = { ...before, ...changed };
    const outcome = await ask('settings.set', changed);
    if (outcome.ok) current.value = outcome.value;
    else {
      current.value = before;
      useToasts().problem(outcome);
    }
  }

  async function start() {
    bridge.on('settings.changed', (changed) => (current.value = changed));
    watch(() => current.value?.theme, applyTheme);
    await load();
  }

  return { current, mediaBytes, start, load, set };
});

/** The tokens have both themes; without the attribute they follow the system. */
function applyTheme(theme: Settings['theme'] | undefined) {
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme;
  else delete root.dataset['theme'];
}
