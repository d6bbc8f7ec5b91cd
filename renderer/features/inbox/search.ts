import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { SearchHit } from '../../../contract/messages.ts';
import { ask } from '../../ask.ts';
import { useInbox } from './inbox.ts';

/** How long to wait for the next letter before asking, ms. */
const settleMs = 120;

/** The search box over the inbox: names at once, messages a moment later. */
export const useSearch = defineStore('search', () => {
  const inbox = useInbox();
  const query = ref('');
  const hits = ref<readonly SearchHit[]>([]);
  const next = ref<string | null>(null);
  const searching = ref(false);
  const active = computed(() => query.value.trim() !== '');
  let asked = 0;

  async function run(before: string | null) {
    asked += 1;
    const mine = asked;
    searching.value = true;
    const outcome = await ask('messages.search', { query: query.value, before, limit: 30 });
    // A later question overtakes an earlier one's answer.
    if (mine !== asked) return;
    searching.value = false;
    if (!outcome.ok) return;
    const items = outcome.value.items.map(named);
    hits.value = before ? [...hits.value, ...items] : items;
    next.value = outcome.value.next;
    // The core ends a page early rather than keep the window waiting: nothing found yet is not nothing found.
    if (hits.value.length === 0 && next.value !== null) await run(next.value);
  }
  const named = (hit: SearchHit): SearchHit => {
    const shown = inbox.byId.get(hit.message.conversationId);
    return shown ? { ...hit, conversationName: shown.name } : hit;
  };

  watch(query, (_now, _before, onCleanup) => {
    asked += 1;
    if (!active.value) {
      hits.value = [];
      next.value = null;
      searching.value = false;
      return;
    }
    searching.value = true;
    const timer = setTimeout(() => {
      void inbox.all('inbox');
      void inbox.all('archived');
      void run(null);
    }, settleMs);
    onCleanup(() => clearTimeout(timer));
  });

  const more = () => run(next.value);
  return { query, hits, next, searching, active, more };
});
