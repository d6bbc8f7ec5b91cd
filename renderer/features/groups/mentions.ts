import { defineStore } from 'pinia';
import type { GroupMember } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { placesOf, type ChosenMention } from './mentioning.ts';

/** Somebody who can be named. */
export type Nameable = GroupMember & { readonly address: string };

/**
 * Whom I chose while writing, in each conversation. It is not kept over a restart: a name that only one person of the
 * group has is found by the core as well.
 */
export const useMentions = defineStore('mentions', () => {
  const chosen = new Map<ConversationId, readonly ChosenMention[]>();

  /**
   * People of the group with this in their name or address; `most` of them. Behind a space only who is called just
   * that, for most often the sentence goes on there. Nobody when they can't be had.
   */
  async function find(id: ConversationId, query: string, most: number): Promise<readonly Nameable[]> {
    const outcome = await ask('groups.members', { id, query: query.trim(), before: null, limit: most + 1 });
    if (!outcome.ok) return [];
    return outcome.value.items
      .filter((member): member is Nameable => member.address !== null && !member.self)
      .filter(({ name }) => !query.includes(' ') || name.toLowerCase().startsWith(query.toLowerCase()))
      .slice(0, most);
  }

  function choose(id: ConversationId, mention: ChosenMention) {
    chosen.set(id, [...(chosen.get(id) ?? []), mention]);
  }

  /** Where they stand in what is sent now. */
  const of = (id: ConversationId, text: string) => placesOf(text, chosen.get(id) ?? []);
  const sent = (id: ConversationId) => chosen.delete(id);
  const forgetAll = () => chosen.clear();

  return { find, choose, of, sent, forgetAll };
});
