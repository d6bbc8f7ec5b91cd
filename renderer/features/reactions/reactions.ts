import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { isOneEmoji, type Reaction } from '../../../contract/reactions.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useEmoji } from '../picker/use-emoji.ts';

/** What is offered before anything else was used. */
const usual = ['👍', '❤️', '😂', '😮', '😢', '🎉'];
const offered = 6;

/** The quick row of reactions, for one message at a time. */
export const useReactions = defineStore('reactions', () => {
  const current = shallowRef<{ message: Message; at: HTMLElement } | null>(null);
  /** Of which message the people are listed. */
  const asked = ref<MessageId | null>(null);
  const emoji = useEmoji();

  /** Those used last, filled up with the usual ones. */
  const quick = () => [...new Set([...emoji.recents.filter(isOneEmoji), ...usual])].slice(0, offered);

  const open = (message: Message, at: HTMLElement) => (current.value = { message, at });
  const close = () => (current.value = null);
  const openWho = (message: Message) => (asked.value = message.id);
  const closeWho = () => (asked.value = null);

  async function toggle(message: Message, chosen: string) {
    const on = !message.reactions.some((one) => one.emoji === chosen && one.own);
    if (on) emoji.used(chosen);
    const outcome = await ask('reactions.toggle', { id: message.id, emoji: chosen, on });
    if (!outcome.ok) useToasts().problem(outcome);
  }

  return { current, asked, quick, open, close, openWho, closeWho, toggle };
});

/** Who chose it: "you and Ana". */
export function whoReacted({ own, names }: Reaction): string {
  const all = [...(own ? [t('reactions.you')] : []), ...names];
  const last = all.at(-1) ?? '';
  return all.length > 1 ? t('reactions.and', { others: all.slice(0, -1).join(', '), last }) : last;
}
