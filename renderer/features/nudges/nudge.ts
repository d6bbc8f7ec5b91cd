import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import type { NudgeKind } from '../../../contract/nudges.ts';
import { ask } from '../../ask.ts';

/** How long after the last key the core is asked, ms. */
const settleMs = 250;

/** The gentle word beside the text box of the conversation that is open. */
export const useNudge = defineStore('nudge', () => {
  const shown = ref<{ readonly id: ConversationId; readonly kind: NudgeKind } | null>(null);
  /** The text that was held back once: sent again, it goes out. */
  let held: { readonly id: ConversationId; readonly text: string } | null = null;
  let dismissed: ConversationId | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  /** What is asked about the text before counts no more. */
  function forgetQuestion(): number {
    clearTimeout(timer);
    asked += 1;
    return asked;
  }

  function look(id: ConversationId, text: string) {
    const mine = forgetQuestion();
    if (text.trim() === '' || dismissed === id) return;
    timer = setTimeout(() => void ask('nudges.look', { conversationId: id, text }).then(take), settleMs);

    function take(outcome: Awaited<ReturnType<typeof ask<'nudges.look'>>>) {
      if (mine !== asked) return;
      const kind = outcome.ok ? outcome.value : null;
      // What was said about the situation stays; what was said about the words goes with them.
      if (kind !== null) shown.value = { id, kind };
      else if (shown.value?.kind !== 'unanswered') shown.value = null;
    }
  }

  /** Before an attempt to send this text: whether it was held back before. */
  function sending(id: ConversationId, text: string): boolean {
    forgetQuestion();
    return held?.id === id && held.text === text;
  }

  /** After an attempt to send: `text` was held back, or null when it went out. */
  function sent(id: ConversationId, text: string | null) {
    held = text === null ? null : { id, text };
    if (text !== null) shown.value = { id, kind: 'abusive' };
    else if (shown.value?.kind !== 'unanswered') shown.value = null;
  }

  function dismiss() {
    dismissed = shown.value?.id ?? null;
    shown.value = null;
  }

  /** Another conversation is open now. */
  function leave() {
    forgetQuestion();
    held = null;
    dismissed = null;
    shown.value = null;
  }

  return { shown, look, sending, sent, dismiss, leave };
});
