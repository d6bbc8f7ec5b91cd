import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { MethodName, Params } from '../../../contract/index.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { QuestionBox } from '../../../contract/polls.ts';
import { ask } from '../../ask.ts';
import { useToasts } from '../../ui/toasts.ts';

type PollMethod = Extract<MethodName, `polls.${string}` | `questions.${string}`>;

/** Polls and question boxes: the dialog that is open, and what is done with those in messages. */
/** A question that is to be taken out of the box in a message. */
interface Removal {
  readonly id: MessageId;
  readonly question: QuestionBox['questions'][number];
}

export const usePolls = defineStore('polls', () => {
  const making = ref<{ readonly what: 'poll' | 'box'; readonly id: ConversationId } | null>(null);
  const removing = ref<Removal | null>(null);
  const busy = ref(false);

  const open = (what: 'poll' | 'box', id: ConversationId) => void (making.value = { what, id });
  const close = () => {
    making.value = null;
    removing.value = null;
  };

  /** Does it, and says why when it can't be done. True: it was done. */
  async function act<N extends PollMethod>(name: N, params: Params<N>): Promise<boolean> {
    const outcome = await ask(name, params);
    if (!outcome.ok) useToasts().problem(outcome);
    return outcome.ok;
  }

  /** Sends what the dialog made, once. What can't be sent stays in it. */
  async function make<N extends 'polls.create' | 'questions.open'>(
    name: N,
    params: Params<N>,
  ): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    const done = await act(name, params);
    busy.value = false;
    if (done) close();
  }

  const askToRemove = (removal: Removal) => void (removing.value = removal);
  const keep = () => void (removing.value = null);
  /** What was asked about is taken out for everybody. */
  async function remove(reason: string): Promise<void> {
    const given = removing.value;
    keep();
    if (given) await act('questions.remove', { id: given.id, question: given.question.id, reason });
  }

  return { making, removing, busy, open, close, act, make, askToRemove, keep, remove };
});
