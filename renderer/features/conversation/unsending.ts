import type { UnsendOutlook } from '../../../contract/message-changes.ts';
import type { Message } from '../../../contract/messages.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** What Unsend will do, in a sentence or two; until the core has answered, what is always true. */
export async function unsendNote(message: Message, name: string): Promise<string> {
  const outcome = await ask('messages.unsendOutlook', { id: message.id });
  return outcome.ok ? noteOf(outcome.value, name) : t('changes.unsendBoth');
}

/** Exported for its test. */
export function noteOf({ waiting, otherApp, server, upload }: UnsendOutlook, name: string): string {
  if (waiting) return t('changes.unsendWaiting');
  const file = upload === 'expires' ? ` ${t('changes.unsendFile')}` : '';
  if (otherApp === false)
    return t(server === false ? 'changes.unsendNeither' : 'changes.unsendNotApp', { name }) + file;
  if (server === false) return t('changes.unsendNotServer') + file;
  return t(otherApp === true ? 'changes.unsendSure' : 'changes.unsendBoth') + file;
}

export async function unsend(message: Message): Promise<void> {
  const outcome = await ask('messages.unsend', { id: message.id });
  if (!outcome.ok) useToasts().problem(outcome);
}
