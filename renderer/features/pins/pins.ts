import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { ask, askAside } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useTimeline } from '../conversation/timeline.ts';

/** The pinned messages of the conversation that is open. */
export const usePins = defineStore('pins', () => {
  const timeline = useTimeline();
  const conversation = ref<ConversationId | null>(null);
  /** In the order of the conversation, oldest first. */
  const items = shallowRef<readonly Message[]>([]);
  const index = ref(0);
  const current = computed(() => items.value[index.value] ?? null);
  let run = 0;

  async function load(id: ConversationId) {
    run += 1;
    const mine = run;
    if (id !== conversation.value) items.value = [];
    const before = items.value;
    const shown = current.value?.id;
    conversation.value = id;
    const outcome = await askAside('pins.list', { conversationId: id });
    if (mine !== run || !outcome.ok) return;
    items.value = outcome.value.items;
    // What was pinned just now is what is shown; else what was, as long as it is there.
    const fresh = items.value.findLastIndex(({ id: of }) => !before.some((message) => message.id === of));
    const kept = items.value.findIndex((message) => message.id === shown);
    index.value = fresh >= 0 ? fresh : Math.max(0, kept >= 0 ? kept : items.value.length - 1);
  }

  function leave() {
    run += 1;
    conversation.value = null;
    items.value = [];
  }

  /** Goes to the one that is shown, and shows the one before it next. */
  async function visit() {
    const { value: message } = current;
    if (!message || conversation.value === null) return;
    index.value = (index.value + items.value.length - 1) % items.value.length;
    await timeline.open(conversation.value, null, message.id);
  }

  async function set({ id }: Message, pinned: boolean) {
    const outcome = await ask('pins.set', { id, pinned });
    if (!outcome.ok) return useToasts().problem(outcome);
    const words = t(pinned ? 'pins.pinnedToast' : 'pins.unpinnedToast');
    useToasts().note(words, () => void ask('pins.set', { id, pinned: !pinned }));
  }

  /** For everybody in the group. */
  async function setForAll({ id }: Message, pinned: boolean) {
    const outcome = await ask('pins.setForAll', { id, pinned });
    if (!outcome.ok) return useToasts().problem(outcome);
    useToasts().note(t(pinned ? 'pins.pinnedForAllToast' : 'pins.unpinnedForAllToast'));
  }

  function start() {
    const again = (id: ConversationId) => {
      if (id === conversation.value) void load(id);
    };
    bridge.on('pins.changed', ({ conversationId }) => again(conversationId));
    // One that was edited or unsent reads differently here, too.
    bridge.on('messages.changed', ({ conversationId, items: changed }) => {
      const pinned = new Set(items.value.map(({ id }) => id));
      if (changed.some(({ id, pinnedForAll }) => pinnedForAll || pinned.has(id))) again(conversationId);
    });
    bridge.on('messages.removed', ({ conversationId }) => again(conversationId));
    bridge.on('conversations.reset', () => {
      if (conversation.value !== null) void load(conversation.value);
    });
  }

  return { conversation, items, index, current, load, leave, visit, set, setForAll, start };
});
