import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { bridge } from '../../bridge/index.ts';
import type { PictureCrop } from '../../../contract/ids.ts';
import type { Person } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import { pictureSource } from '../groups/picture-source.ts';
import { useInbox } from '../inbox/inbox.ts';
import { createPersonSearch } from './person-search.ts';

/** Characters that a group's name may have. */
const MAX_NAME = 100;

/** The New chat dialog: who is being looked for, who was found, who is chosen: one for a chat, several for a group. */
export const useNewChat = defineStore('newChat', () => {
  const open = ref(false);
  const chosen = shallowRef<readonly Person[]>([]);
  const groupName = ref('');
  const starting = ref(false);
  const search = createPersonSearch();
  const { query, people, directory, searching, problem, upToDate } = search;

  function show() {
    chosen.value = [];
    groupName.value = '';
    open.value = true;
    search.begin();
  }

  function hide() {
    open.value = false;
    search.end();
  }

  function start() {
    bridge.on('people.changed', ({ items }) => {
      const changed = new Map(items.map((person) => [person.address, person]));
      const fresh = (person: Person) => changed.get(person.address) ?? person;
      people.value = people.value.map(fresh);
      chosen.value = chosen.value.map(fresh);
    });
  }

  const isChosen = ({ address }: Person) => chosen.value.some((one) => one.address === address);

  /** Chooses somebody, or takes them out again. */
  function toggle(person: Person) {
    chosen.value = isChosen(person)
      ? chosen.value.filter(({ address }) => address !== person.address)
      : [...chosen.value, person];
  }

  /** What the group is called when nobody gave it a name: who is in it. */
  const namesChosen = computed(() =>
    chosen.value
      .map(({ name }) => name)
      .join(', ')
      .slice(0, MAX_NAME),
  );

  async function create(people: readonly Person[], picture: { file: File; crop: PictureCrop } | null) {
    const source = picture && (await pictureSource(picture.file));
    if (source?.ok === false) return source;
    return ask('groups.create', {
      name: groupName.value.trim().slice(0, MAX_NAME) || namesChosen.value,
      people: people.map(({ address }) => address),
      ...(picture && source ? { picture: source.value, crop: picture.crop } : {}),
    });
  }

  /**
   * Opens the conversation with who is chosen, with several of them a new group; null when that did not work (and
   * `problem` says why).
   */
  async function begin(picture: { file: File; crop: PictureCrop } | null = null) {
    const [first] = chosen.value;
    if (first === undefined || starting.value) return null;
    starting.value = true;
    const outcome =
      chosen.value.length === 1 ? await useInbox().open(first.address) : await create(chosen.value, picture);
    starting.value = false;
    if (!outcome.ok) {
      problem.value = outcome;
      return null;
    }
    hide();
    return outcome.value.id;
  }

  return {
    open,
    query,
    people,
    directory,
    searching,
    groupName,
    namesChosen,
    isChosen,
    toggle,
    chosen,
    starting,
    problem,
    start,
    show,
    hide,
    upToDate,
    begin,
  };
});
