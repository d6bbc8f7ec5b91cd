import { ShieldAlert, Trash } from '@lucide/vue';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Message } from '../../../contract/messages.ts';
import { t } from '../../texts/index.ts';
import type { MenuEntry } from '../../ui/menu.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useInbox } from '../inbox/inbox.ts';
import { useGroups } from './groups.ts';

/** What a group adds to the menu of somebody else's message: deleting it for who moderates, telling those for all others. */
export function moderationEntries(of: Message): MenuEntry[] {
  if (of.outgoing || of.unsent || of.id < 1) return [];
  if (useInbox().byId.get(of.conversationId)?.kind !== 'group') return [];
  const may = useGroups().of(of.conversationId)?.may;
  if (!may) return [];
  return may.moderate
    ? [{ id: 'delete', label: t('groups.deleteForEveryone'), icon: Trash, danger: true }]
    : [{ id: 'tell', label: t('groups.reportToModerators'), icon: ShieldAlert, danger: true }];
}

/** Deleting a message for everyone, or telling the moderators of it: asked for, with a reason, and done. */
export const useGroupModeration = defineStore('groupModeration', () => {
  const asked = shallowRef<{ what: 'delete' | 'report'; message: Message } | null>(null);

  function ask(entry: 'delete' | 'tell', message: Message) {
    asked.value = { what: entry === 'delete' ? 'delete' : 'report', message };
  }

  const close = () => (asked.value = null);

  async function confirm(reason: string) {
    const given = asked.value;
    asked.value = null;
    if (!given) return;
    const { what, message } = given;
    const method = what === 'delete' ? 'groups.deleteForEveryone' : 'groups.reportToModerators';
    const outcome = await useGroups().act(method, { messageId: message.id, reason });
    if (outcome.ok) useToasts().note(t(what === 'delete' ? 'groups.deletedDone' : 'groups.reported'));
  }

  return { asked, ask, close, confirm };
});
