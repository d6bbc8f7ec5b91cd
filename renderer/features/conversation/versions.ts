import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Message } from '../../../contract/messages.ts';
import type { Result } from '../../../contract/index.ts';
import { ask } from '../../ask.ts';
import { useToasts } from '../../ui/toasts.ts';

/** What an edited message said before: asked for when somebody wants to see it. */
export const useVersions = defineStore('versions', () => {
  const shown = shallowRef<Result<'messages.versions'>['items'] | null>(null);

  async function open(message: Message) {
    const outcome = await ask('messages.versions', { id: message.id });
    if (outcome.ok) shown.value = outcome.value.items;
    else useToasts().problem(outcome);
  }

  return { shown, open, close: () => void (shown.value = null) };
});
