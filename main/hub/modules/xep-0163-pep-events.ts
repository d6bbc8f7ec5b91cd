/** XEP-0163 Personal Eventing Protocol, version 1.2.2, §4: who hears of what is published. */
import { DOMAIN, bareOfUser, parseJid } from '../jid.ts';
import { NS } from '../namespaces.ts';
import { mayReach, sharesPresence } from '../policy.ts';
import { listNodes, listPepItems } from '../store/pep.ts';
import { listItems } from '../store/roster.ts';
import { el, parseXml } from '../xml.ts';
import type { HubCore } from '../core.ts';
import type { PepNode } from '../store/pep.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** Whether somebody may read a node (§4.4.1 of XEP-0060 for the models). */
export function mayRead(core: HubCore, owner: string, node: PepNode, reader: string): boolean {
  if (owner === reader || node.access === 'open') return true;
  return node.access === 'presence' && sharesPresence(core.db, owner, bareOfUser(reader));
}

function eventMessage(owner: string, to: Session, children: XmlElement[]): XmlElement {
  const attrs = { from: bareOfUser(owner), to: to.jid, type: 'headline' };
  return el('message', NS.client, attrs, [el('event', NS.pubsubEvent, {}, children)]);
}

function notify(core: HubCore, owner: string, node: PepNode, to: Session, children: XmlElement[]): void {
  if (!to.presence || !to.notify.has(node.node) || !mayRead(core, owner, node, to.user)) return;
  const from = parseJid(bareOfUser(owner));
  if (!from || !mayReach(core.db, { user: to.user, session: to }, from, 'message')) return;
  to.send(eventMessage(owner, to, children));
}

/** Tells the owner's own resources and the contacts that see the owner's presence (§4.3). */
export function announce(core: HubCore, owner: string, node: PepNode, children: XmlElement[]): void {
  const contacts = listItems(core.db, owner).flatMap((item) => {
    const jid = item.from ? parseJid(item.contact) : null;
    return jid?.domain === DOMAIN ? [jid.user] : [];
  });
  for (const user of [owner, ...contacts]) {
    for (const session of core.sessionsOf(user)) notify(core, owner, node, session, children);
  }
}

/** Sends a resource that just arrived the last item of every node it wants (§4.3.2). */
export function sendLastItems(core: HubCore, session: Session, nodes: ReadonlySet<string>): void {
  if (nodes.size === 0) return;
  const followed = listItems(core.db, session.user).flatMap((item) => {
    const jid = item.to ? parseJid(item.contact) : null;
    return jid?.domain === DOMAIN ? [jid.user] : [];
  });
  for (const owner of [session.user, ...followed]) {
    for (const node of listNodes(core.db, owner)) {
      if (!nodes.has(node.node) || node.sendLast === 'never') continue;
      const [last] = listPepItems(core.db, owner, node.node, 1);
      if (last)
        notify(core, owner, node, session, [
          el('items', NS.pubsubEvent, { node: node.node }, [asEvent(last.xml)]),
        ]);
    }
  }
}

/** A stored `<item/>` as it goes into an event. */
export function asEvent(xml: string): XmlElement {
  const item = parseXml(xml);
  return el('item', NS.pubsubEvent, { id: item.attrs.id }, item.children);
}
