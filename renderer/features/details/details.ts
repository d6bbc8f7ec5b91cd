import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Result } from '../../../contract/index.ts';
import type { Message } from '../../../contract/messages.ts';
import { ask } from '../../ask.ts';

/** What is known of one message: when it came how far. */
export const useDetails = defineStore('details', () => {
  const message = shallowRef<Message | null>(null);
  const times = shallowRef<Result<'messages.details'> | null>(null);
  const failed = ref(false);

  async function open(of: Message) {
    message.value = of;
    times.value = null;
    failed.value = false;
    const outcome = await ask('messages.details', { id: of.id });
    if (message.value !== of) return;
    if (outcome.ok) times.value = outcome.value;
    else failed.value = true;
  }

  const close = () => (message.value = null);

  return { message, times, failed, open, close };
});
