/** XEP-0077 In-Band Registration, version 2.4: make an account, change its password, remove it. */
import { accountName, isReserved } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { broadcastUnavailable } from '../presence.ts';
import { makeCredential } from '../scram.ts';
import { StanzaError, iqPayload } from '../stanza.ts';
import {
  accountExists,
  countAccounts,
  createAccount,
  deleteAccount,
  setCredential,
} from '../store/accounts.ts';
import { listItems } from '../store/roster.ts';
import { endSubscriptions } from '../subscriptions.ts';
import { child, childText, el, textEl } from '../xml.ts';
import type { HubCore } from '../core.ts';
import type { Credential } from '../store/accounts.ts';
import type { HubModule, IqAnswer, IqRequest } from '../module.ts';
import type { Session } from '../session.ts';
import type { LoginGate } from '../login-gate.ts';
import type { XmlElement } from '../xml.ts';

const INSTRUCTIONS = 'Choose a user name (letters, digits, dot, hyphen, underscore) and a password.';

/** Answers a registration IQ of a stream that has not logged in. @throws StanzaError */
export async function answerRegistration(core: HubCore, gate: LoginGate, iq: XmlElement): Promise<IqAnswer> {
  const query = iqPayload(iq);
  if (query.name !== 'query' || query.ns !== NS.register) throw new StanzaError('not-authorized');
  if (iq.attrs.type === 'get') return form();
  if (iq.attrs.type !== 'set') throw new StanzaError('bad-request');
  const typed = childText(query, 'username')?.trim() ?? '';
  const user = accountName(typed);
  if (!user)
    throw new StanzaError('not-acceptable', 'Use letters, digits, dot, hyphen and underscore, at most 64');
  if (isReserved(user)) throw new StanzaError('conflict', 'This name is reserved');
  if (accountExists(core.db, user)) throw new StanzaError('conflict', 'This name is taken');
  if (!gate.mayRegister())
    throw new StanzaError('resource-constraint', 'Too many new accounts, try again later');
  if (countAccounts(core.db) >= LIMITS.accounts)
    throw new StanzaError('not-allowed', 'There are too many accounts');
  const credential = await readPassword(query);
  core.turn.run(() => create(core, user, credential));
  return null;
}

function create(core: HubCore, user: string, credential: Credential): void {
  // Two connections may have chosen the same name while the password was worked on.
  if (!createAccount(core.db, user, credential)) throw new StanzaError('conflict', 'This name is taken');
  core.onRegistered(user);
}

async function readPassword(query: XmlElement): Promise<Credential> {
  const password = childText(query, 'password') ?? '';
  if (password === '' || password.length > 1024)
    throw new StanzaError('not-acceptable', 'A password is needed');
  try {
    return await makeCredential(password);
  } catch (error) {
    if (error instanceof RangeError) throw new StanzaError('not-acceptable', 'This password can not be used');
    throw error;
  }
}

function form(registered?: string): XmlElement {
  const known = registered === undefined ? [] : [el('registered', NS.register)];
  return el('query', NS.register, {}, [
    ...known,
    textEl('instructions', NS.register, INSTRUCTIONS),
    registered === undefined ? el('username', NS.register) : textEl('username', NS.register, registered),
    el('password', NS.register),
  ]);
}

/** §3.2 and §3.3: only one's own account. */
function change(request: IqRequest): IqAnswer | Promise<IqAnswer> {
  const { core, session, payload } = request;
  if (child(payload, 'remove')) {
    removeAccount(core, session);
    return null;
  }
  const typed = childText(payload, 'username');
  if (typed !== undefined && accountName(typed) !== session.user) throw new StanzaError('not-allowed');
  return readPassword(payload).then((credential) => {
    if (accountExists(core.db, session.user))
      core.turn.run(() => setCredential(core.db, session.user, credential));
    return null;
  });
}

/** Removes everything of an account; the connection that asked ends after its answer is on its way. */
function removeAccount(core: HubCore, session: Session): void {
  const { user } = session;
  for (const other of core.sessionsOf(user)) if (other !== session) core.endSession(other, 'not-authorized');
  broadcastUnavailable(core, session);
  for (const item of listItems(core.db, user)) endSubscriptions(core, user, session.bare, item);
  for (const module of core.modules) module.onErase?.(core, user);
  // Nothing of this session may be written down any more: its account's row is gone.
  session.stream = null;
  deleteAccount(core.db, user);
  setImmediate(() => core.turn.run(() => core.endSession(session, 'not-authorized')));
}

export const registration: HubModule = {
  name: 'xep-0077-registration',
  serverFeatures: [NS.register],
  iq: (['server', 'account'] as const).flatMap((at) => [
    {
      at,
      type: 'get',
      ns: NS.register,
      name: 'query',
      handle: ({ session }: IqRequest) => form(session.user),
    },
    { at, type: 'set', ns: NS.register, name: 'query', handle: change },
  ]),
};
