import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { GroupMember } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useGroups } from './groups.ts';
import { readMembers } from './member-pages.ts';

const pageSize = 100;
/** How long to wait for the next letter, ms. */
const settleMs = 150;
/** Between two readings of a list in which people come and go all the time, ms. */
const refreshMs = 250;

export type MemberList = 'members' | 'banned';

/** The Members dialog of one group: who is in it, page by page, and what I do with them. */
export const useMembers = defineStore('members', () => {
  const groups = useGroups();
  const of = ref<ConversationId | null>(null);
  const list = ref<MemberList>('members');
  const query = ref('');
  const items = shallowRef<readonly GroupMember[]>([]);
  const total = ref(0);
  const loaded = ref(false);
  const problem = ref<Problem | null>(null);
  const next = ref<string | null>(null);
  const group = computed(() => (of.value === null ? undefined : groups.of(of.value)));
  /** How far it is read, in people. */
  let wanted = pageSize;
  let asked = 0;
  let reading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads the list anew, as far as it was read. */
  async function load(): Promise<void> {
    if (of.value === null) return;
    asked += 1;
    const mine = asked;
    const whose = { id: of.value, query: query.value.trim(), list: list.value };
    clearTimeout(timer);
    timer = undefined;
    reading = true;
    const page = (o: { before: string | null; limit: number }) => ask('groups.members', { ...whose, ...o });
    const outcome = await readMembers(page, wanted, () => mine === asked);
    if (outcome === null) return;
    reading = false;
    loaded.value = true;
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return;
    items.value = outcome.value.items;
    total.value = outcome.value.total;
    next.value = outcome.value.next;
  }

  /** Somebody came, went or is something else now. One reading at a time, and not one for each of them. */
  function refresh() {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (reading) refresh();
      else void load();
    }, refreshMs);
  }

  async function more(): Promise<void> {
    if (next.value === null) return;
    wanted = items.value.length + pageSize;
    await load();
  }

  watch([query, list], ([, now], [, before], onCleanup) => {
    if (of.value === null) return;
    wanted = pageSize;
    if (now !== before) {
      items.value = [];
      loaded.value = false;
    }
    const settled = setTimeout(() => void load(), now === before ? settleMs : 0);
    onCleanup(() => clearTimeout(settled));
  });

  function open(id: ConversationId) {
    of.value = id;
    list.value = 'members';
    query.value = '';
    wanted = pageSize;
    items.value = [];
    loaded.value = false;
    void groups.load(id);
    void load();
  }

  function close() {
    asked += 1;
    clearTimeout(timer);
    timer = undefined;
    reading = false;
    of.value = null;
    items.value = [];
  }

  type Change =
    | { name: 'groups.remove' | 'groups.ban'; reason: string; words: 'removed' | 'banned' }
    | { name: 'groups.unban' }
    | { name: 'groups.mute'; until: number | null; reason: string }
    | { name: 'groups.setRank'; rank: 'moderator' | 'member' }
    | { name: 'groups.handOver' };

  /** Does it with somebody and says so. True when it is done. */
  async function change(member: GroupMember, given: Change): Promise<boolean> {
    const { address, name } = member;
    if (of.value === null || address === null) return false;
    const { name: method, ...rest } = given;
    const params = 'words' in rest ? { reason: rest.reason } : rest;
    const outcome = await groups.act(method, { id: of.value, address, ...params });
    if (!outcome.ok) return false;
    const said = wordsFor(given);
    if (said !== null) useToasts().note(t(`groups.${said}`, { name }));
    await load();
    return true;
  }

  const wordsFor = (given: Change) => {
    if ('words' in given) return given.words;
    if (given.name === 'groups.unban') return 'unbanned' as const;
    if (given.name === 'groups.mute') return given.until === null ? ('unmuted' as const) : ('muted' as const);
    return null;
  };

  function start() {
    bridge.on('groups.membersChanged', ({ id }) => {
      if (id === of.value) refresh();
    });
  }

  return {
    of,
    group,
    list,
    query,
    items,
    total,
    loaded,
    problem,
    next,
    open,
    close,
    load,
    more,
    change,
    start,
  };
});
