import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Profile } from '../../../contract/people.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t, type Problem, type TextKey } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

type FollowCall = 'people.follow' | 'people.unfollow' | 'people.removeFollower';

/** The profile that is open: somebody's, or my own. */
export const usePerson = defineStore('person', () => {
  const address = ref<string | null>(null);
  const profile = ref<Profile | null>(null);
  const problem = ref<Problem | null>(null);
  const busy = ref(false);
  let asked = 0;

  async function read(opened = false) {
    if (address.value === null) return;
    asked += 1;
    const mine = asked;
    const outcome = await ask('people.profile', { address: address.value, opened });
    if (mine !== asked) return;
    problem.value = outcome.ok ? null : outcome;
    if (outcome.ok) profile.value = outcome.value;
  }

  async function open(wanted: string) {
    if (address.value !== wanted) profile.value = null;
    address.value = wanted;
    await read(true);
  }

  function close() {
    asked += 1;
    address.value = null;
    profile.value = null;
    problem.value = null;
  }

  /** Shows the outcome of what changes who follows whom; what it means is read anew. */
  async function change(call: FollowCall, done: TextKey | null = null): Promise<void> {
    const about = profile.value;
    if (about === null || busy.value) return;
    busy.value = true;
    const outcome = await ask(call, { address: about.address });
    busy.value = false;
    if (!outcome.ok) useToasts().problem(outcome);
    else if (done) useToasts().note(t(done, { name: about.name }));
    await read();
  }

  const follow = () => change('people.follow');
  const unfollow = () => change('people.unfollow', profile.value?.followPending ? null : 'person.unfollowed');
  const removeFollower = () => change('people.removeFollower', 'person.removed');

  async function saveNote(about: string, note: string) {
    const outcome = await ask('people.setNote', { address: about, note });
    if (!outcome.ok) useToasts().problem(outcome);
  }

  async function saveTags(about: string, tags: readonly string[]) {
    const outcome = await ask('people.setTags', { address: about, tags: [...tags] });
    if (!outcome.ok) useToasts().problem(outcome);
  }

  function start() {
    bridge.on('people.changed', ({ items }) => {
      if (items.some((person) => person.address === profile.value?.address)) void read();
    });
  }

  return {
    address,
    profile,
    problem,
    busy,
    start,
    open,
    close,
    read,
    follow,
    unfollow,
    removeFollower,
    saveNote,
    saveTags,
  };
});
