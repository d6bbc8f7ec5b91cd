import {
  incidentContent,
  incidentForBlock,
  markIncidentsInBlock,
  type IncidentRow,
  type ReadableDb,
  type WritableDb,
} from '../../store/index.ts';
import type { AbuseReport } from '../../xmpp/index.ts';
import type { Evidence } from './evidence.ts';

/** Messages named at most: the evidence names them all. */
const MAX_IDS = 20;

/** What a server's own means for reports take: one of two reasons, the words, and the archive's ids. */
export function abuseReport(incident: IncidentRow, e: Evidence): AbuseReport {
  const reported = e.messages.filter((m) => m.part === 'reported');
  const theirs = reported.length > 0 ? reported : e.messages.filter((m) => m.direction === 'received');
  // In a group the ids are the room's: what stands there is no conversation with who is reported.
  const room = theirs.find((m) => m.conversation !== e.report.about)?.conversation;
  return {
    reason: incident.reason === 'spam' ? 'spam' : 'abuse',
    text: e.report.details,
    archive: room ?? e.account.address,
    stanzaIds: theirs.flatMap((m) => m.ids.stanza ?? []).slice(-MAX_IDS),
  };
}

/** The report that waits to go inside of a block (XEP-0377); null: none. */
export function reportInBlock(db: ReadableDb, address: string): AbuseReport | null {
  const incident = incidentForBlock(db, address);
  if (!incident) return null;
  // Written by `seal` alone.
  return abuseReport(incident, JSON.parse(incidentContent(db, incident.id).evidence) as Evidence);
}

export const reportedInBlock = (db: WritableDb, address: string, o: { told: boolean }): void =>
  markIncidentsInBlock(db, address, o);
