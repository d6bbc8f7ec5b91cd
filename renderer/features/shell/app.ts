import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { AppState } from '../../../contract/app.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import type { Problem } from '../../texts/index.ts';

/** What the window shows at all: the first run, the inbox, or why neither can be. */
export const useApp = defineStore('app', () => {
  const state = ref<AppState | null>(null);
  const problem = ref<Problem | null>(null);

  const phase = computed(() => state.value?.phase ?? null);
  const account = computed(() => state.value?.account ?? null);
  /** Whether the command key of a Mac stands for Ctrl. */
  const mac = computed(() => state.value?.platform === 'darwin');

  async function load() {
    const outcome = await ask('app.state', {});
    if (outcome.ok) {
      state.value = outcome.value;
      problem.value = null;
    } else if (!state.value) problem.value = outcome;
  }

  /** The one subscription; called once, before the first paint. */
  async function start() {
    bridge.on('app.changed', (changed) => (state.value = changed));
    await load();
  }

  /** A blocked profile is opened once more; without an answer from the core the page itself is what is tried. */
  async function retry() {
    if (!state.value) return location.reload();
    const outcome = await ask('app.retry', {});
    if (outcome.ok) state.value = outcome.value;
    else problem.value = outcome;
  }

  const quit = () => ask('app.quit', {});
  return { state, phase, account, mac, problem, start, load, retry, quit };
});
