import type { UnsendOutlook } from '../../../contract/message-changes.ts';
import { t } from '../../texts/index.ts';

/** What Unsend will do, in a sentence or two. `name`: the other side's. */
export function noteOf({ waiting, otherApp, server, upload }: UnsendOutlook, name: string): string {
  if (waiting) return t('changes.unsendWaiting');
  const file = upload === 'expires' ? ` ${t('changes.unsendFile')}` : '';
  if (otherApp === false)
    return t(server === false ? 'changes.unsendNeither' : 'changes.unsendNotApp', { name }) + file;
  if (server === false) return t('changes.unsendNotServer') + file;
  return t(otherApp === true ? 'changes.unsendSure' : 'changes.unsendBoth') + file;
}
