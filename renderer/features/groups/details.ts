import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import { useGroups } from './groups.ts';

export type DetailSection = 'about' | 'rules' | 'held' | 'log' | 'activity';

/** The dialog with what a group is and how it is kept. */
export const useGroupDetails = defineStore('groupDetails', () => {
  const groups = useGroups();
  const of = ref<ConversationId | null>(null);
  const section = ref<DetailSection>('about');
  const group = computed(() => (of.value === null ? undefined : groups.of(of.value)));

  function open(id: ConversationId, at: DetailSection = 'about') {
    section.value = at;
    of.value = id;
    void groups.load(id);
  }

  const close = () => (of.value = null);

  return { of, section, group, open, close };
});
