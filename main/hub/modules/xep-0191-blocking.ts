/** XEP-0191 Blocking Command, version 1.3; reports inside a block per XEP-0377, version 0.3. */
import { randomUUID } from 'node:crypto';
import { throwAway } from '../held.ts';
import { fullOf, parseJid } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { sharesPresence } from '../policy.ts';
import { sharePresence } from '../presence.ts';
import { StanzaError } from '../stanza.ts';
import { addBlock, addReport, countReports, listBlocks, removeBlock } from '../store/safety.ts';
import { bareOf } from '../jid.ts';
import { el, elements, serialize } from '../xml.ts';
import type { HubCore } from '../core.ts';
import type { Jid } from '../jid.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

const item = (jid: string): XmlElement => el('item', NS.blocking, { jid });

function list({ core, session }: IqRequest): XmlElement {
  session.wantsBlocks = true;
  return el('blocklist', NS.blocking, {}, listBlocks(core.db, session.user).map(item));
}

function readItems(payload: XmlElement): { jid: Jid; element: XmlElement }[] {
  return elements(payload, 'item', NS.blocking).map((element) => {
    const jid = parseJid(element.attrs.jid);
    if (!jid) throw new StanzaError('jid-malformed');
    return { jid, element };
  });
}

function block({ core, session, payload }: IqRequest): null {
  const items = readItems(payload);
  if (items.length === 0) throw new StanzaError('bad-request');
  if (items.some(({ jid }) => bareOf(jid) === session.bare)) throw new StanzaError('not-allowed');
  if (listBlocks(core.db, session.user).length + items.length > LIMITS.blocked) {
    throw new StanzaError('resource-constraint');
  }
  for (const { jid, element } of items) {
    keepReport(core, session, jid, element);
    // The blocked one sees one go offline, before the block holds that back too (§3.3).
    if (sharesPresence(core.db, session.user, bareOf(jid))) sharePresence(core, session.user, jid, false);
    addBlock(core.db, session.user, fullOf(jid));
    throwAway(core, session.user, bareOf(jid));
  }
  const pushed = items.map(({ jid }) => item(fullOf(jid)));
  push(core, session.user, el('block', NS.blocking, {}, pushed));
  return null;
}

function unblock({ core, session, payload }: IqRequest): null {
  const items = readItems(payload).map(({ jid }) => jid);
  const freed = items.length > 0 ? items.map(fullOf) : listBlocks(core.db, session.user);
  for (const address of freed) {
    removeBlock(core.db, session.user, address);
    const jid = parseJid(address);
    if (jid && sharesPresence(core.db, session.user, bareOf(jid)))
      sharePresence(core, session.user, jid, true);
  }
  push(core, session.user, el('unblock', NS.blocking, {}, items.map(fullOf).map(item)));
  return null;
}

/** Tells the account's resources that asked for the list (§3.3). */
function push(core: HubCore, user: string, change: XmlElement): void {
  for (const session of core.sessionsOf(user)) {
    if (!session.wantsBlocks) continue;
    session.send(el('iq', NS.client, { type: 'set', id: `push-${randomUUID()}`, to: session.jid }, [change]));
  }
}

function keepReport(core: HubCore, session: Session, culprit: Jid, element: XmlElement): void {
  const report = elements(element, 'report').find((e) => e.ns === NS.reporting || e.ns === NS.reporting0);
  if (!report) return;
  const reason = report.attrs.reason ?? elements(report)[0]?.name ?? '';
  // A block is never refused for want of room in the queue.
  const { all, own } = countReports(core.db, session.bare);
  if (all >= LIMITS.reports || own >= LIMITS.reportsOfOne) return;
  addReport(core.db, { reporter: session.jid, culprit: fullOf(culprit), reason, xml: serialize(report) });
}

export const blocking: HubModule = {
  name: 'xep-0191-blocking',
  serverFeatures: [NS.blocking, NS.reporting],
  accountFeatures: [NS.blocking, NS.reporting],
  iq: [
    { at: 'account', type: 'get', ns: NS.blocking, name: 'blocklist', handle: list },
    { at: 'account', type: 'set', ns: NS.blocking, name: 'block', handle: block },
    { at: 'account', type: 'set', ns: NS.blocking, name: 'unblock', handle: unblock },
  ],
};
