import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Result } from '../../../contract/index.ts';
import type { Outcome } from '../../../contract/errors.ts';
import type { Found } from '../../../contract/gallery.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useTimeline } from '../conversation/timeline.ts';

/** How many are asked for at once. */
const pageSize = 200;
/** Beyond these nobody goes through them one by one: a longer word finds what is meant. */
const most = 2_000;

/** The search within the conversation that is open. */
export const useFind = defineStore('find', () => {
  const timeline = useTimeline();
  /** Where it is open; null where it is not. */
  const conversation = ref<ConversationId | null>(null);
  const query = ref('');
  /** Newest first. */
  const hits = shallowRef<readonly Found[]>([]);
  const index = ref(0);
  const searching = ref(false);
  /** There may be more than those. */
  const cut = ref(false);
  /** Goes up whenever it is asked for: what is there takes the focus again. */
  const asked = ref(0);
  let run = 0;

  const current = computed(() => hits.value[index.value] ?? null);

  function open(id: ConversationId) {
    if (conversation.value !== id) close();
    conversation.value = id;
    asked.value += 1;
  }

  function close() {
    run += 1;
    conversation.value = null;
    query.value = '';
    hits.value = [];
    searching.value = false;
  }

  /** Shows the first found as soon as it is, and counts the others meanwhile. */
  async function search() {
    run += 1;
    const mine = run;
    const id = conversation.value;
    const wanted = query.value.trim();
    hits.value = [];
    index.value = 0;
    cut.value = false;
    searching.value = wanted !== '';
    let before: string | null = null;
    while (id !== null && wanted !== '') {
      const outcome: Outcome<Result<'messages.find'>> = await ask('messages.find', {
        conversationId: id,
        query: wanted,
        before,
        limit: pageSize,
      });
      // A later question overtakes an earlier one's answer.
      if (mine !== run) return;
      if (!outcome.ok) {
        useToasts().problem(outcome);
        break;
      }
      const first = hits.value.length === 0 && outcome.value.items.length > 0;
      hits.value = [...hits.value, ...outcome.value.items];
      if (first) void show();
      before = outcome.value.next;
      cut.value = before !== null;
      if (before === null || hits.value.length >= most) break;
    }
    searching.value = false;
  }

  async function show() {
    const { value: hit } = current;
    if (hit && conversation.value !== null) await timeline.open(conversation.value, null, hit.id);
  }

  /** 1: to an older one, -1: to a newer one; round and round. */
  async function step(by: 1 | -1) {
    const { length } = hits.value;
    if (length === 0) return;
    index.value = (index.value + by + length) % length;
    await show();
  }

  return { conversation, query, hits, index, searching, cut, asked, current, open, close, search, step };
});
