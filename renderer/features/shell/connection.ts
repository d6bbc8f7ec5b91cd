import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Connection } from '../../../contract/accounts.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** How the connection to the account's server is. */
export const useConnection = defineStore('connection', () => {
  const current = ref<Connection>({ state: 'connecting', problem: null, retryAt: null, catchingUp: null });
  /** Why the password has to be typed again; null while it need not be. */
  const passwordProblem = computed(() => {
    const code = current.value.problem?.code;
    return code === 'wrong-password' || code === 'secret-unavailable' ? code : null;
  });

  async function load() {
    const outcome = await ask('connection.state', {});
    if (outcome.ok) current.value = outcome.value;
  }

  async function start() {
    bridge.on('connection.changed', (changed) => (current.value = changed));
    await load();
  }

  async function retry() {
    const outcome = await ask('connection.retry', {});
    if (!outcome.ok && outcome.code !== 'offline') useToasts().problem(outcome);
  }

  const updatePassword = (password: string) => ask('accounts.updatePassword', { password });
  return { current, passwordProblem, start, load, retry, updatePassword };
});
