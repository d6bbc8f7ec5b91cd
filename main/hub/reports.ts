import { archiveFor } from './modules/xep-0313-archive.ts';
import { ABUSE_USER, bareOf, DOMAIN, parseJid } from './jid.ts';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { StanzaError } from './stanza.ts';
import { addReport, countReports } from './store/safety.ts';
import { child, childText, el, elements, serialize } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Jid } from './jid.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

/** The address that the hub names for reports (XEP-0157). Nobody can have it: what comes there goes into the queue. */
export const isAbuseDesk = (target: Jid): boolean => target.user === ABUSE_USER && target.domain === DOMAIN;

/**
 * Puts a message to the abuse desk into the queue, with the evidence that came along; a plain text from another app
 * too. The sender's archive has it, so that a sender whose connection broke can see that it arrived.
 * @throws StanzaError where there are too many, or it says nothing
 */
export function takeReport(core: HubCore, session: Session, message: XmlElement, type: string): void {
  if (type !== 'chat' && type !== 'normal') return; // nobody is there to be told of an error or a headline
  const text = childText(message, 'body') ?? '';
  const incident = child(message, 'incident', NS.incident);
  const report = child(message, 'report', NS.reporting);
  if (text === '' && !incident && !report) return; // a chat state, a marker
  mayReport(core, session.bare);
  const culprit = parseJid(incident?.attrs.about);
  const reason = (incident?.attrs.reason ?? report?.attrs.reason ?? 'text').slice(0, 100);
  const kept = el('report', NS.incident, {}, [
    ...elements(message).filter((e) => e === incident || e === report || e.name === 'body'),
  ]);
  addReport(core.db, {
    reporter: session.bare,
    culprit: culprit ? bareOf(culprit) : '',
    reason,
    xml: serialize(kept),
  });
  archiveFor(core, session.user, `${ABUSE_USER}@${DOMAIN}`, message, Date.now());
}

/** @throws StanzaError where the queue, or the part of it one account may fill, is full */
function mayReport(core: HubCore, reporter: string): void {
  const { all, own } = countReports(core.db, reporter);
  if (all >= LIMITS.reports || own >= LIMITS.reportsOfOne)
    throw new StanzaError('resource-constraint', 'Too many reports are waiting to be looked at');
}
