import { ref, watch } from 'vue';
import type { Person } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import type { Problem } from '../../texts/index.ts';
import { createAnswerGate } from '../../ui/answer-gate.ts';

/** How long to wait for the next letter before asking the directory, ms. */
const settleMs = 150;

/** Looking for people by what is typed: to be made inside a store's setup, begun and ended with its dialog. */
export function createPersonSearch() {
  const query = ref('');
  const people = ref<readonly Person[]>([]);
  const directory = ref<'searched' | 'unsupported' | 'offline'>('searched');
  const searching = ref(false);
  const problem = ref<Problem | null>(null);
  let open = false;
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
  }

  /** From now on the list shown is of an earlier question. */
  function wait() {
    searching.value = true;
    gate.asked();
  }

  watch(query, (_now, _before, onCleanup) => {
    if (!open) return;
    // An answer that is still on its way is to an earlier question.
    asked += 1;
    wait();
    const timer = setTimeout(() => void find(), settleMs);
    onCleanup(() => clearTimeout(timer));
  });

  function begin() {
    query.value = '';
    people.value = [];
    problem.value = null;
    open = true;
    void find();
  }

  function end() {
    open = false;
    asked += 1;
    searching.value = false;
    gate.settled();
  }

  /** Resolves when the people shown are those for what has been typed. */
  const { upToDate } = gate;
  return { query, people, directory, searching, problem, begin, end, upToDate };
}
