import { Pin, PinOff, ShieldAlert, Trash } from '@lucide/vue';
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

/** Whoever moderates a group can pin what it has passed on for everybody. */
export function pinEntries(of: Message): MenuEntry[] {
  if (of.unsent || of.id < 1 || of.state === 'sending' || of.state === 'failed') return [];
  if (!useGroups().of(of.conversationId)?.may.moderate) return [];
  return [
    of.pinnedForAll
      ? { id: 'unpin-all', label: t('pins.unpinForAll'), icon: PinOff }
      : { id: 'pin-all', label: t('pins.pinForAll'), icon: Pin },
  ];
}

/** What a group still takes of me about a message of mine. */
export function ownChanges(of: Message): { edit: boolean; unsend: boolean } {
  const isGroup = useInbox().byId.get(of.conversationId)?.kind === 'group';
  const group = isGroup ? useGroups().of(of.conversationId) : undefined;
  if (!group) return { edit: true, unsend: true };
  const isIn = (group.state === 'joined' || group.state === 'joining') && group.rank !== 'banned';
  // As the core sees it (may-post.ts): our hub alone lets people who are muted take back what they wrote.
  return { edit: group.may.write, unsend: isIn && (group.enforced || group.mutedUntil === null) };
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
