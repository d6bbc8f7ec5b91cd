import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { formatFull } from '../../format/times.ts';
import { t } from '../../texts/index.ts';
import { copyText } from '../conversation/copy.ts';
import { useTimeline } from '../conversation/timeline.ts';
import { unsend } from '../conversation/unsending.ts';

/** Messages of the conversation in view that something is to be done with, several at once. */
export const useSelection = defineStore('selection', () => {
  const timeline = useTimeline();
  const conversation = ref<ConversationId | null>(null);
  const chosen = ref<ReadonlySet<MessageId>>(new Set());
  /** From here Shift+click reaches. */
  let last: MessageId | null = null;

  const active = computed(
    () => conversation.value !== null && conversation.value === timeline.conversationId,
  );
  /** What can be chosen: it is stored, and has content. */
  const canChoose = (m: Message) => m.id > 0 && !m.unsent;
  const messages = computed(() =>
    active.value ? timeline.items.filter((m) => chosen.value.has(m.id) && canChoose(m)) : [],
  );
  const unsendable = computed(
    () => messages.value.length > 0 && messages.value.every((m) => m.outgoing && m.state !== 'failed'),
  );

  function toggle(message: Message) {
    if (!canChoose(message)) return;
    if (!active.value) {
      conversation.value = message.conversationId;
      chosen.value = new Set();
    }
    const next = new Set(chosen.value);
    if (!next.delete(message.id)) next.add(message.id);
    chosen.value = next;
    last = message.id;
  }
  /** All from the one that was chosen last up to this one. */
  function reach(message: Message) {
    const ids = timeline.items.filter(canChoose).map(({ id }) => id);
    const from = active.value && last !== null ? ids.indexOf(last) : -1;
    const to = ids.indexOf(message.id);
    if (from < 0 || to < 0) return toggle(message);
    const span = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    chosen.value = new Set([...chosen.value, ...span]);
  }
  function end() {
    conversation.value = null;
    chosen.value = new Set();
    last = null;
  }

  /** As text, each with its time and who wrote it. */
  const asText = () =>
    messages.value
      .map((m) =>
        t('selection.line', {
          time: formatFull(m.sentAt),
          name: m.outgoing ? t('conversation.you') : m.sender.name,
          text: [...m.attachments.map(({ name }) => name), m.text].filter(Boolean).join(' '),
        }),
      )
      .join('\n');
  const copy = () => copyText(asText());
  async function unsendAll() {
    for (const message of messages.value) await unsend(message);
    end();
  }

  return { active, chosen, messages, unsendable, toggle, reach, end, copy, unsendAll };
});
