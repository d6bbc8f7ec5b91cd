import type { Group } from '../../../contract/groups.ts';
import { t } from '../../texts/index.ts';

/** What stands below a group's name: how many are in it, or why I am not. */
export function groupLine(group: Group | undefined): string {
  if (!group) return '';
  const { state, reason } = group;
  if (state === 'joined' || state === 'joining') return t('groups.memberCount', { n: group.members });
  const words = t(`groups.state.${state}`);
  return reason ? `${words}: ${reason}` : words;
}
