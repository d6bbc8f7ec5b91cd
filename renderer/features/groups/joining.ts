import { defineStore } from 'pinia';
import { ref } from 'vue';
import { ask } from '../../ask.ts';
import type { Problem } from '../../texts/index.ts';
import { useLinkGate } from '../../ui/link-gate.ts';

/** Coming into a group by its link. A link that was clicked fills the box; nothing happens before Join. */
export const useJoinGroup = defineStore('joinGroup', () => {
  const open = ref(false);
  const link = ref('');
  const joining = ref(false);
  const problem = ref<Problem | null>(null);

  function show(prefilled = '') {
    link.value = prefilled;
    problem.value = null;
    open.value = true;
  }

  const hide = () => (open.value = false);

  /** The conversation that I am in then; null when it did not work (and `problem` says why), or somebody gave up waiting. */
  async function join() {
    if (joining.value || link.value.trim() === '') return null;
    joining.value = true;
    problem.value = null;
    const outcome = await ask('groups.join', { link: link.value });
    joining.value = false;
    if (!open.value) return null;
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return null;
    hide();
    return outcome.value.id;
  }

  function start() {
    useLinkGate().handle(/^xmpp:[^?]*\?join$/i, show);
  }

  return { open, link, joining, problem, show, hide, join, start };
});
