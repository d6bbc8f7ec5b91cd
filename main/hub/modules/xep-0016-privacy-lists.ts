/** XEP-0016 Privacy Lists, version 1.7: the lists themselves; they are applied in policy.ts. */
import { randomUUID } from 'node:crypto';
import { fullOf, parseJid } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { DEFAULT_LIST } from '../policy.ts';
import { StanzaError } from '../stanza.ts';
import { getSetting, setSetting } from '../store/accounts.ts';
import { deletePrivacyList, findPrivacyList, listPrivacyLists, savePrivacyList } from '../store/safety.ts';
import { el, elements } from '../xml.ts';
import type { HubCore } from '../core.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { PrivacyItem, PrivacyKind } from '../store/safety.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

const KINDS: readonly PrivacyKind[] = ['message', 'iq', 'presence-in', 'presence-out'];
const SUBSCRIPTIONS = new Set(['none', 'to', 'from', 'both']);

function get({ core, session, payload }: IqRequest): XmlElement {
  const [wanted, ...more] = elements(payload, 'list');
  if (more.length > 0) throw new StanzaError('bad-request');
  if (wanted) {
    const name = wanted.attrs.name ?? '';
    const items = findPrivacyList(core.db, session.user, name);
    if (!items) throw new StanzaError('item-not-found');
    return el('query', NS.privacy, {}, [el('list', NS.privacy, { name }, items.map(itemElement))]);
  }
  const standard = getSetting(core.db, session.user, DEFAULT_LIST);
  const active = session.activeList;
  return el('query', NS.privacy, {}, [
    ...(active ? [el('active', NS.privacy, { name: active })] : []),
    ...(standard !== null ? [el('default', NS.privacy, { name: standard })] : []),
    ...listPrivacyLists(core.db, session.user).map((name) => el('list', NS.privacy, { name })),
  ]);
}

function itemElement(item: PrivacyItem): XmlElement {
  const { action, order, type } = item;
  const attrs = { action, order, type: type ?? undefined, value: type === null ? undefined : item.value };
  return el(
    'item',
    NS.privacy,
    attrs,
    item.kinds.map((kind) => el(kind, NS.privacy)),
  );
}

function set(request: IqRequest): null {
  const { core, session, payload } = request;
  const [change, ...more] = elements(payload);
  if (!change || more.length > 0) throw new StanzaError('bad-request');
  const name = change.attrs.name ?? '';
  if (change.name === 'list') changeList(core, session, name, change);
  else if (name !== '' && !findPrivacyList(core.db, session.user, name))
    throw new StanzaError('item-not-found');
  else if (change.name === 'active') session.activeList = name === '' ? null : name;
  else if (change.name === 'default') changeDefault(core, session, name);
  else throw new StanzaError('bad-request');
  return null;
}

/** §2.5: not while another resource relies on the old one. */
function changeDefault(core: HubCore, session: Session, name: string): void {
  setSetting(core.db, session.user, DEFAULT_LIST, name === '' ? null : name);
}

function changeList(core: HubCore, session: Session, name: string, list: XmlElement): void {
  if (name === '' || name.length > 255) throw new StanzaError('bad-request');
  const items = elements(list, 'item').map(readItem);
  if (items.length > LIMITS.privacyItems) throw new StanzaError('resource-constraint');
  if (items.length === 0) removeList(core, session, name);
  else savePrivacyList(core.db, session.user, name, items);
  // §2.6: every resource hears that a list changed, and nothing of what is in it.
  for (const other of core.sessionsOf(session.user)) {
    const query = el('query', NS.privacy, {}, [el('list', NS.privacy, { name })]);
    other.send(el('iq', NS.client, { type: 'set', id: `push-${randomUUID()}`, to: other.jid }, [query]));
  }
}

/** §2.7: an empty list is removed, unless another resource uses it. */
function removeList(core: HubCore, session: Session, name: string): void {
  if (!findPrivacyList(core.db, session.user, name)) throw new StanzaError('item-not-found');
  const others = core.sessionsOf(session.user).filter((other) => other !== session);
  if (others.some((other) => other.activeList === name)) throw new StanzaError('conflict');
  deletePrivacyList(core.db, session.user, name);
  if (getSetting(core.db, session.user, DEFAULT_LIST) === name)
    setSetting(core.db, session.user, DEFAULT_LIST, null);
  if (session.activeList === name) session.activeList = undefined;
}

function readItem(item: XmlElement): PrivacyItem {
  const { action, order = '', type, value } = item.attrs;
  if (action !== 'allow' && action !== 'deny') throw new StanzaError('bad-request');
  if (!/^\d{1,10}$/.test(order)) throw new StanzaError('bad-request');
  const kinds = KINDS.filter((kind) => elements(item, kind).length > 0);
  const rest = { action, order: Number(order), kinds } as const;
  if (type === undefined) return { ...rest, kinds: [...kinds], type: null, value: '' };
  const jid = type === 'jid' ? parseJid(value) : null;
  const valid =
    type === 'jid'
      ? jid
      : type === 'group'
        ? value
        : type === 'subscription' && SUBSCRIPTIONS.has(value ?? '');
  if (!valid || (type !== 'jid' && type !== 'group' && type !== 'subscription'))
    throw new StanzaError('bad-request');
  return { ...rest, kinds: [...kinds], type, value: jid ? fullOf(jid) : (value ?? '') };
}

export const privacyLists: HubModule = {
  name: 'xep-0016-privacy-lists',
  serverFeatures: [NS.privacy],
  accountFeatures: [NS.privacy],
  iq: [
    { at: 'account', type: 'get', ns: NS.privacy, name: 'query', handle: get },
    { at: 'account', type: 'set', ns: NS.privacy, name: 'query', handle: set },
  ],
};
