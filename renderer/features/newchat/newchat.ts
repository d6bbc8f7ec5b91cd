import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { Person } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import type { Problem } from '../../texts/index.ts';
import { createAnswerGate } from '../../ui/answer-gate.ts';
import { useInbox } from '../inbox/inbox.ts';

/** How long to wait for the next letter before asking the directory, ms. */
const settleMs = 150;

/** The New chat dialog: who is being looked for, who was found, who is chosen. */
export const useNewChat = defineStore('newChat', () => {
  const open = ref(false);
  const query = ref('');
  const people = ref<readonly Person[]>([]);
  const directory = ref<'searched' | 'unsupported' | 'offline'>('searched');
  const searching = ref(false);
  const chosen = ref<string | null>(null);
  const starting = ref(false);
  const problem = ref<Problem | null>(null);
  let asked = 0;
  const gate = createAnswerGate();

  async function find() {
    asked += 1;
    const mine = asked;
    wait();
    const outcome = await ask('people.find', { query: query.value });
    if (mine !== asked) return;
    searching.value = false;
    gate.settled();
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return;
    people.value = outcome.value.items;
    directory.value = outcome.value.directory;
    if (!people.value.some(({ address }) => address === chosen.value)) chosen.value = null;
  }

  /** From now on the list shown is of an earlier question. */
  function wait() {
    searching.value = true;
    gate.asked();
  }

  watch(query, (_now, _before, onCleanup) => {
    if (!open.value) return;
    // An answer that is still on its way is to an earlier question.
    asked += 1;
    wait();
    const timer = setTimeout(() => void find(), settleMs);
    onCleanup(() => clearTimeout(timer));
  });

  function show() {
    query.value = '';
    people.value = [];
    chosen.value = null;
    problem.value = null;
    open.value = true;
    void find();
  }

  function hide() {
    open.value = false;
    asked += 1;
    searching.value = false;
    gate.settled();
  }
  /** Resolves when the people shown are those for what has been typed. */
  const { upToDate } = gate;

  function start() {
    bridge.on('people.changed', ({ items }) => {
      const changed = new Map(items.map((person) => [person.address, person]));
      people.value = people.value.map((person) => changed.get(person.address) ?? person);
    });
  }

  /** Opens the conversation with who is chosen; null when that did not work (and `problem` says why). */
  async function begin() {
    if (chosen.value === null || starting.value) return null;
    starting.value = true;
    const outcome = await useInbox().open(chosen.value);
    starting.value = false;
    if (!outcome.ok) {
      problem.value = outcome;
      return null;
    }
    hide();
    return outcome.value.id;
  }

  return {
    open,
    query,
    people,
    directory,
    searching,
    chosen,
    starting,
    problem,
    start,
    show,
    hide,
    upToDate,
    begin,
  };
});
