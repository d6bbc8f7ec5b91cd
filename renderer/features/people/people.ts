import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Outcome } from '../../../contract/errors.ts';
import type { Result } from '../../../contract/index.ts';
import type { ListedPerson, PeopleCounts, PeopleList, Person } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useApp } from '../shell/app.ts';

/** How long to wait for the next letter before asking the directory, ms. */
const settleMs = 150;
/** How long to gather changes of who follows whom before lists are read anew, ms. */
const gatherMs = 120;
const pageSize = 200;

/** The people page: one list at a time, or what was found. */
export const usePeople = defineStore('people', () => {
  const counts = ref<PeopleCounts>({ friends: 0, following: 0, followers: 0, requests: 0 });
  const list = ref<PeopleList>('friends');
  const items = shallowRef<readonly ListedPerson[]>([]);
  const next = ref<string | null>(null);
  const loaded = ref(false);
  const loading = ref(false);
  const problem = ref<Problem | null>(null);
  const query = ref('');
  const found = shallowRef<readonly Person[]>([]);
  const directory = ref<'searched' | 'unsupported' | 'offline'>('searched');
  const interests = ref<'all' | 'first' | 'none'>('all');
  const searching = ref(false);
  const searched = computed(() => query.value.trim() !== '');
  let asked = 0;
  let shown = 0;

  /** Reads the list from its beginning, as far as it had been read. */
  async function reload() {
    shown += 1;
    const mine = shown;
    loading.value = true;
    const read: ListedPerson[] = [];
    const wanted = Math.max(pageSize, loaded.value ? items.value.length : 0);
    let before: string | null = null;
    do {
      const outcome: Outcome<Result<'people.list'>> = await ask('people.list', {
        list: list.value,
        before,
        limit: pageSize,
      });
      if (mine !== shown) return;
      problem.value = outcome.ok ? null : outcome;
      if (!outcome.ok) break;
      read.push(...outcome.value.items);
      before = outcome.value.next;
    } while (before !== null && read.length < wanted);
    loading.value = false;
    if (problem.value) return;
    items.value = read;
    next.value = before;
    loaded.value = true;
  }

  /** The next page, when the end of what was read comes near. */
  async function more() {
    if (loading.value || next.value === null) return;
    const mine = shown;
    loading.value = true;
    const outcome = await ask('people.list', { list: list.value, before: next.value, limit: pageSize });
    if (mine !== shown) return;
    loading.value = false;
    if (!outcome.ok) return useToasts().problem(outcome);
    items.value = [...items.value, ...outcome.value.items];
    next.value = outcome.value.next;
  }

  async function choose(wanted: PeopleList) {
    list.value = wanted;
    items.value = [];
    loaded.value = false;
    await reload();
  }

  async function load() {
    const outcome = await ask('people.counts', {});
    if (outcome.ok) counts.value = outcome.value;
  }

  async function find() {
    asked += 1;
    const mine = asked;
    searching.value = true;
    const outcome = await ask('people.find', { query: query.value.slice(0, 200) });
    if (mine !== asked) return;
    searching.value = false;
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return;
    found.value = outcome.value.items;
    directory.value = outcome.value.directory;
    interests.value = outcome.value.interests;
  }

  watch(query, (_now, _before, onCleanup) => {
    // An answer that is still on its way is to an earlier question.
    asked += 1;
    searching.value = searched.value;
    if (!searched.value) return void (found.value = []);
    const timer = setTimeout(() => void find(), settleMs);
    onCleanup(() => clearTimeout(timer));
  });

  async function answer(person: Person, accept: boolean) {
    const outcome = await ask('people.answerFollow', { address: person.address, accept });
    const { name } = person;
    if (outcome.ok) useToasts().note(t(accept ? 'people.accepted' : 'people.declined', { name }));
    else useToasts().problem(outcome);
  }

  function start() {
    let timer: ReturnType<typeof setTimeout> | null = null;
    bridge.on('people.relations', (now) => {
      counts.value = now;
      timer ??= setTimeout(() => {
        timer = null;
        if (loaded.value) void reload();
      }, gatherMs);
    });
    bridge.on('people.changed', ({ items: changed }) => {
      const people = new Map(changed.map((person) => [person.address, person]));
      const renewed = <T extends Person>(person: T): T => ({ ...person, ...people.get(person.address) });
      if (items.value.some(({ address }) => people.has(address))) items.value = items.value.map(renewed);
      if (found.value.some(({ address }) => people.has(address))) found.value = found.value.map(renewed);
    });
    watch(
      () => useApp().account?.address,
      (address) => {
        query.value = '';
        items.value = [];
        loaded.value = false;
        if (address !== undefined) void load();
      },
      { immediate: true },
    );
  }

  return {
    counts,
    list,
    items,
    next,
    loaded,
    loading,
    problem,
    query,
    found,
    directory,
    interests,
    searching,
    searched,
    start,
    load,
    reload,
    more,
    choose,
    answer,
  };
});
