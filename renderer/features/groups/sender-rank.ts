import type { ConversationId } from '../../../contract/ids.ts';
import { t } from '../../texts/index.ts';
import { useGroups } from './groups.ts';

/** The word for somebody who decides in a group, for beside their name; '' for everybody else, and outside of groups. */
export function rankWord(id: ConversationId, address: string): string {
  const found = useGroups()
    .of(id)
    ?.moderators.find((one) => one.address === address);
  return found ? t(`groups.ranks.${found.rank}`) : '';
}
