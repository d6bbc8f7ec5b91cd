import { ask } from '../ask.ts';
import { t } from '../texts/index.ts';
import { useToasts } from './toasts.ts';

/** Opens a web page or a mail program outside of Postcard; says so when that does not work. */
export async function openExternal(url: string): Promise<void> {
  const outcome = await ask('app.openExternal', { url });
  if (!outcome.ok) useToasts().note(t('message.linkFailed'));
}
