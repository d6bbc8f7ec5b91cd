/** RFC 6121 §2: the roster. Versioning (§2.6) is left out: everything is on one computer. */
import { letIn } from '../held.ts';
import { bareOf, parseJid } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { deleteItem, findItem, listItems, newItem } from '../store/roster.ts';
import { endSubscriptions, pushItem, rosterItem, saveAndPush } from '../subscriptions.ts';
import { el, elements, textOf } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

/** The roster group of followers that were let in. */
const ACCEPTED = 'Accepted';

function get({ core, session }: IqRequest): XmlElement {
  session.wantsRoster = true;
  const items = listItems(core.db, session.user).filter((item) => item.visible);
  return el('query', NS.roster, {}, items.map(rosterItem));
}

function set({ core, session, payload }: IqRequest): null {
  const [wanted] = elements(payload, 'item', NS.roster);
  const jid = parseJid(wanted?.attrs.jid);
  if (!wanted || !jid || elements(payload, 'item').length !== 1) throw new StanzaError('bad-request');
  const contact = bareOf(jid);
  if (contact === session.bare) throw new StanzaError('not-allowed');
  const old = findItem(core.db, session.user, contact);
  if (wanted.attrs.subscription === 'remove') {
    if (!old) throw new StanzaError('item-not-found');
    endSubscriptions(core, session.user, session.bare, old);
    deleteItem(core.db, session.user, contact);
    if (old.visible)
      pushItem(core, session.user, el('item', NS.roster, { jid: contact, subscription: 'remove' }));
    return null;
  }
  if (!old && listItems(core.db, session.user).length >= LIMITS.rosterItems) {
    throw new StanzaError('resource-constraint');
  }
  const item = { ...(old ?? newItem(contact)), ...readDetails(wanted), visible: true };
  saveAndPush(core, session.user, item);
  // A one-way follower is let in by a group alone: the item is there already.
  if (item.to || item.ask || !item.from || item.groups.includes(ACCEPTED)) letIn(core, session.user, contact);
  return null;
}

function readDetails(item: XmlElement): { name: string; groups: string[] } {
  const name = item.attrs.name ?? '';
  const groups = [...new Set(elements(item, 'group', NS.roster).map(textOf))];
  const tooLong = [name, ...groups].some((text) => Buffer.byteLength(text) > 1023) || groups.length > 50;
  if (tooLong || groups.includes('')) throw new StanzaError('not-acceptable');
  return { name, groups };
}

export const roster: HubModule = {
  name: 'rfc-6121-roster',
  iq: [
    { at: 'account', type: 'get', ns: NS.roster, name: 'query', handle: get },
    { at: 'account', type: 'set', ns: NS.roster, name: 'query', handle: set },
  ],
};
