import type { ConversationId } from '../../../contract/ids.ts';
import type { ParsedParams } from '../../../contract/index.ts';
import { ask } from '../../ask.ts';

type Answer = ReturnType<typeof ask<'messages.page'>>;

/** How long (ms) what was read ahead may wait for its click. */
const freshMs = 5_000;

/** One page that is read before it is wanted; forgotten as soon as something in its conversation changes. */
export function usePrepared() {
  let prepared: { wanted: string; id: ConversationId; begun: number; answer: Answer } | null = null;

  function begin(params: ParsedParams<'messages.page'>) {
    prepared = {
      wanted: JSON.stringify(params),
      id: params.conversationId,
      begun: Date.now(),
      answer: ask('messages.page', params),
    };
  }

  /** The page that was begun, when it is this one; else it is asked for now. */
  function read(params: ParsedParams<'messages.page'>): Answer {
    const found = prepared;
    prepared = null;
    const fits = found?.wanted === JSON.stringify(params) && Date.now() - found.begun < freshMs;
    return found && fits ? found.answer : ask('messages.page', params);
  }

  /** Null: of whatever conversation. */
  function forget(id: ConversationId | null) {
    if (id === null || prepared?.id === id) prepared = null;
  }

  return { begin, read, forget };
}
