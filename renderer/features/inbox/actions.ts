import { Archive, ArchiveRestore, Ban, Bell, BellOff, CheckCheck, Flag, Pin, PinOff } from '@lucide/vue';
import type { Conversation } from '../../../contract/conversations.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import type { MenuEntry } from '../../ui/menu.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useReach } from '../privacy/reach.ts';
import { useReports } from '../reports/reports.ts';
import { useInbox } from './inbox.ts';
import { always, isMuted } from './order.ts';

/** What can be done with a conversation, in the inbox and in its own menu. */
export function conversationEntries(of: Conversation, where: 'inbox' | 'conversation'): MenuEntry[] {
  const muted = isMuted(of, Date.now());
  const muteWords = where === 'inbox' ? t('inbox.mute') : t('conversation.mute');
  return [
    of.pinned
      ? { id: 'unpin', label: t('inbox.unpin'), icon: PinOff }
      : { id: 'pin', label: t('inbox.pin'), icon: Pin },
    muted
      ? { id: 'unmute', label: t('inbox.unmute'), icon: Bell }
      : { id: 'mute', label: muteWords, icon: BellOff },
    of.archived
      ? { id: 'unarchive', label: t('inbox.unarchive'), icon: ArchiveRestore }
      : { id: 'archive', label: t('inbox.archive'), icon: Archive },
    ...(where === 'inbox' && of.unread > 0
      ? [{ id: 'read', label: t('inbox.markRead'), icon: CheckCheck }]
      : []),
    ...(where === 'conversation' && of.kind === 'direct' ? [blockEntry(of), reportEntry()] : []),
  ];
}

const blockEntry = ({ address }: Conversation): MenuEntry =>
  useReach().isBlocked(address)
    ? { id: 'unblock', label: t('privacy.unblock'), icon: Ban }
    : { id: 'block', label: t('privacy.block'), icon: Ban, danger: true };

const reportEntry = (): MenuEntry => ({
  id: 'report',
  label: t('reports.report'),
  icon: Flag,
  danger: true,
});

/** Does what an entry says. Muting from the inbox is for always; from the conversation a dialog asks how long. */
export async function runConversationEntry(of: Conversation, entry: string): Promise<void> {
  const inbox = useInbox();
  const { id, name } = of;
  if (entry === 'pin' || entry === 'unpin') await inbox.setPinned(id, entry === 'pin');
  if (entry === 'unmute') await inbox.setMuted(id, null);
  if (entry === 'mute' && (await inbox.setMuted(id, always))) {
    useToasts().note(t('inbox.mutedToast', { name }), () => void inbox.setMuted(id, null));
  }
  if (entry === 'archive' || entry === 'unarchive') await move(of, entry === 'archive');
  if (entry === 'block') await useReach().block(of);
  if (entry === 'report') await useReports().open({ address: of.address });
  if (entry === 'unblock') await useReach().unblock(of);
  if (entry === 'read') await markAllRead(of);
}

async function move({ id, name }: Conversation, archived: boolean) {
  const inbox = useInbox();
  if (!(await inbox.setArchived(id, archived))) return;
  const words = t(archived ? 'inbox.archivedToast' : 'inbox.unarchivedToast', { name });
  useToasts().note(words, () => void inbox.setArchived(id, !archived));
}

async function markAllRead({ id }: Conversation) {
  const page = await ask('messages.page', { conversationId: id, at: { kind: 'newest' }, limit: 1 });
  const last = page.ok ? page.value.items.at(-1) : undefined;
  const outcome = last ? await ask('conversations.markRead', { id, upTo: last.id }) : page;
  if (!outcome.ok) useToasts().problem(outcome);
}
