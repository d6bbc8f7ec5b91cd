import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Person } from '../../../contract/people.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { createPersonSearch } from '../newchat/person-search.ts';
import { useGroups } from './groups.ts';

/** Who is to be invited to a group that is there. */
export const useInvite = defineStore('invite', () => {
  const search = createPersonSearch();
  const chosen = ref<readonly Person[]>([]);
  const working = ref(false);

  function begin() {
    chosen.value = [];
    search.begin();
  }

  function toggle(person: Person) {
    const without = chosen.value.filter(({ address }) => address !== person.address);
    chosen.value = without.length < chosen.value.length ? without : [...chosen.value, person];
  }

  /** Invites one after the other; who could not be invited stays chosen. True when all were. */
  async function invite(id: ConversationId): Promise<boolean> {
    working.value = true;
    for (const person of [...chosen.value]) {
      const outcome = await useGroups().act('groups.invite', { id, address: person.address });
      if (!outcome.ok) break;
      toggle(person);
      useToasts().note(t('groups.invited', { name: person.name }));
    }
    working.value = false;
    return chosen.value.length === 0;
  }

  const { query, people, problem, end, upToDate } = search;
  return { query, people, problem, chosen, working, begin, end, upToDate, toggle, invite };
});
