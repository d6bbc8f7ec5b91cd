import type { Message } from '../../../contract/messages.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { noteOf } from './unsend-note.ts';

/** What Unsend will do; where the core can't say, what is always true. */
export async function unsendNote(message: Message, name: string): Promise<string> {
  const outcome = await ask('messages.unsendOutlook', { id: message.id });
  return outcome.ok ? noteOf(outcome.value, name) : t('changes.unsendBoth');
}

export async function unsend(message: Message): Promise<void> {
  const outcome = await ask('messages.unsend', { id: message.id });
  if (!outcome.ok) useToasts().problem(outcome);
}
