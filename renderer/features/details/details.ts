import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Result } from '../../../contract/index.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Viewer } from '../../../contract/status.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useInbox } from '../inbox/inbox.ts';

/** What is known of one message: when it came how far, and in a small group who has seen it. */
export const useDetails = defineStore('details', () => {
  const message = shallowRef<Message | null>(null);
  const times = shallowRef<Result<'messages.details'> | null>(null);
  const inGroup = ref(false);
  /** Null: nobody is told of that here. */
  const seenBy = shallowRef<readonly Viewer[] | null>(null);
  const failed = ref(false);

  async function read({ id }: Message) {
    const [outcome, seen] = await Promise.all([
      ask('messages.details', { id }),
      inGroup.value ? ask('status.seenBy', { id }) : null,
    ]);
    if (message.value?.id !== id) return;
    if (outcome.ok) times.value = outcome.value;
    if (seen?.ok) seenBy.value = seen.value.items;
    failed.value = !outcome.ok || seen?.ok === false;
  }

  async function open(of: Message) {
    message.value = of;
    times.value = null;
    seenBy.value = null;
    failed.value = false;
    inGroup.value = useInbox().byId.get(of.conversationId)?.kind === 'group';
    await read(of);
  }

  bridge.on('messages.changed', ({ conversationId, items }) => {
    const shown = message.value;
    if (shown?.conversationId !== conversationId) return;
    // A later one that was seen means that this one was, too.
    const now = items.find(({ id }) => id === shown.id) ?? shown;
    message.value = now;
    void read(now);
  });
  const close = () => (message.value = null);

  return { message, times, inGroup, seenBy, failed, open, close };
});
