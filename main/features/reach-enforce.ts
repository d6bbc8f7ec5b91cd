import type { Audience } from '../../contract/account-settings.ts';
import type { Session } from '../xmpp/index.ts';
import type { AccountSettingsFeature } from './account-settings.ts';
import { differs, readServerList, writeServerList } from './reach-list.ts';

/** What came of it. */
export interface Enforced {
  readonly by: 'server' | 'app';
  readonly choice: Audience;
  /** The server's list says so now. False where it had been written too often to be written once more. */
  readonly held: boolean;
  readonly written: boolean;
}

/**
 * Brings the server's list in line with the choice. What another device wrote there counts where the choice can't have
 * come another way: nobody ever chose on this device, or the server keeps no settings to share.
 * Rejects with `offline`, `no-answer`, and what the server said to the writing.
 */
export async function enforce(o: {
  session: Session;
  own: string;
  open: readonly string[];
  settings: AccountSettingsFeature;
  /** The choice is shared among devices by the server (XEP-0223). */
  privately: boolean;
  /** The server has not been told of the choice yet. */
  waiting: boolean;
  mayWrite(): boolean;
}): Promise<Enforced> {
  const { session, settings } = o;
  const calls = session.reach;
  const now = await readServerList(calls);
  if (now === null) return { by: 'app', choice: settings.get('whoCanMessage'), held: false, written: false };
  if (now.choice !== null) adopt(settings, now.choice, { unshared: !o.privately && !o.waiting });
  const open = [o.own, ...o.open, ...(await calls.roomServices())];
  const choice = settings.get('whoCanMessage');
  if (!differs(now, { choice, open })) return { by: 'server', choice, held: true, written: false };
  if (!o.mayWrite()) return { by: 'server', choice, held: false, written: false };
  await writeServerList(calls, now, { choice, open });
  return { by: 'server', choice, held: true, written: true };
}

function adopt(settings: AccountSettingsFeature, choice: Audience, o: { unshared: boolean }): void {
  if (choice === settings.get('whoCanMessage')) return;
  if (settings.isUntouched('whoCanMessage')) settings.adopt('whoCanMessage', choice);
  else if (o.unshared) settings.set('whoCanMessage', choice);
}
