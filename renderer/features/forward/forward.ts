import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { MOST_RECEIVERS } from '../../../contract/forward.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Person } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { createPersonSearch } from '../newchat/person-search.ts';

/** The Forward dialog: which messages, to whom. */
export const useForward = defineStore('forward', () => {
  const messages = shallowRef<readonly Message[]>([]);
  const chosen = ref<readonly Person[]>([]);
  const named = ref(false);
  const sending = ref(false);
  const search = createPersonSearch();
  const { query, people: found, problem } = search;

  /** Who is chosen stays in the list, whoever else is looked for. */
  const people = computed(() => {
    const others = found.value.filter(({ address }) => !isChosen(address));
    return [...chosen.value, ...others];
  });
  const isChosen = (address: string) => chosen.value.some((one) => one.address === address);

  function open(of: readonly Message[]) {
    messages.value = of;
    chosen.value = [];
    named.value = false;
    search.begin();
  }
  function close() {
    search.end();
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

  return { messages, query, people, chosen, named, sending, problem, open, close, toggle, send };
});
