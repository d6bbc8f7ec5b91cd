import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { MOST_RECEIVERS } from '../../../contract/forward.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Person } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** ms until the directory is asked after a key. */
const settleMs = 150;

/** The Forward dialog: which messages, to whom. */
export const useForward = defineStore('forward', () => {
  const messages = shallowRef<readonly Message[]>([]);
  const query = ref('');
  const found = ref<readonly Person[]>([]);
  const chosen = ref<readonly Person[]>([]);
  const named = ref(false);
  const sending = ref(false);
  const problem = ref<Problem | null>(null);
  let asked = 0;

  /** Who is chosen stays in the list, whoever else is looked for. */
  const people = computed(() => {
    const others = found.value.filter(({ address }) => !isChosen(address));
    return [...chosen.value, ...others];
  });
  const isChosen = (address: string) => chosen.value.some((one) => one.address === address);

  async function find() {
    asked += 1;
    const mine = asked;
    const outcome = await ask('people.find', { query: query.value });
    if (mine !== asked) return;
    problem.value = outcome.ok ? null : outcome;
    if (outcome.ok) found.value = outcome.value.items;
  }
  watch(query, (_now, _before, onCleanup) => {
    const timer = setTimeout(() => void find(), settleMs);
    onCleanup(() => clearTimeout(timer));
  });

  function open(of: readonly Message[]) {
    messages.value = of;
    query.value = '';
    found.value = [];
    chosen.value = [];
    named.value = false;
    problem.value = null;
    void find();
  }
  function close() {
    asked += 1;
    messages.value = [];
  }
  function toggle(person: Person) {
    if (isChosen(person.address)) chosen.value = chosen.value.filter((one) => one.address !== person.address);
    else if (chosen.value.length < MOST_RECEIVERS) chosen.value = [...chosen.value, person];
  }

  /** True when it was stored: then nothing of it is lost. */
  async function send(): Promise<boolean> {
    if (sending.value || chosen.value.length === 0) return false;
    sending.value = true;
    const ids = messages.value.map(({ id }) => id);
    const to = chosen.value.map(({ address }) => address);
    const outcome = await ask('messages.forward', { ids, to, named: named.value });
    sending.value = false;
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return false;
    close();
    useToasts().note(t('forward.sent', { n: outcome.value.count }));
    return true;
  }

  return { messages, query, people, chosen, named, sending, problem, isChosen, open, close, toggle, send };
});
