import {
  Ban,
  Copy,
  Crown,
  LogOut,
  MicOff,
  Mic,
  ShieldCheck,
  ShieldMinus,
  User,
  UserMinus,
  Undo2,
} from '@lucide/vue';
import type { GroupMember } from '../../../contract/groups.ts';
import { t } from '../../texts/index.ts';
import type { MenuEntry } from '../../ui/menu.ts';

/** What the menu of a member offers: what the core says that I may do with them. */
export function memberEntries({ address, may, mutedUntil, rank, self }: GroupMember): MenuEntry[] {
  const entry = (id: string, label: string, icon: MenuEntry['icon'], danger = false): MenuEntry => ({
    id,
    label,
    icon,
    danger,
  });
  const muted = mutedUntil !== null;
  return [
    // Everybody has something: nobody's button leads nowhere.
    ...(self ? [entry('leave', t('groups.leave'), LogOut, true)] : []),
    ...(address === null && !self ? [entry('name', t('groups.copyName'), Copy)] : []),
    ...(address !== null && !self ? [entry('profile', t('groups.profile'), User)] : []),
    ...(may.makeModerator ? [entry('moderator', t('groups.makeModerator'), ShieldCheck)] : []),
    ...(may.makeMember ? [entry('member', t('groups.makeMember'), ShieldMinus)] : []),
    ...(may.handOver ? [entry('handOver', t('groups.handOver'), Crown)] : []),
    ...(may.mute
      ? [entry(muted ? 'unmute' : 'mute', t(muted ? 'groups.unmute' : 'groups.mute'), muted ? Mic : MicOff)]
      : []),
    ...(rank === 'banned' && may.ban ? [entry('unban', t('groups.unban'), Undo2)] : []),
    ...(may.remove ? [entry('remove', t('groups.remove'), UserMinus, true)] : []),
    ...(rank !== 'banned' && may.ban ? [entry('ban', t('groups.ban'), Ban, true)] : []),
  ];
}
