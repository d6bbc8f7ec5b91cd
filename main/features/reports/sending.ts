import { PostcardError } from '../../../contract/errors.ts';
import type { ReportContact } from '../../../contract/reports.ts';
import {
  durably,
  incidentByToken,
  incidentContent,
  incidentsToSend,
  markIncidentOnWire,
  markIncidentRefused,
  markIncidentSent,
  requeueIncident,
  setIncidentContacts,
  setIncidentUnsendable,
  type IncidentRow,
  type WritableDb,
} from '../../store/index.ts';
import type { OutboundMessage, Session } from '../../xmpp/index.ts';
import type { AccountConnection } from '../connection.ts';
import type { Evidence } from './evidence.ts';
import { abuseReport } from './in-block.ts';
import { reportText } from './report-text.ts';

/**
 * Characters of the evidence as XML. A server may end the stream over a stanza that is too long for it, so that it
 * would be sent over and over: 64 kB is the least that servers are set to.
 */
const EVIDENCE_MAX = 40_000;
/** ms; how far the clocks of this computer and the server may differ. */
const CLOCK_MARGIN = 26 * 3_600_000;
/** ms. A server may still be working through what a cut connection had brought. */
const SETTLED = 1500;
/** ms until a server that did not answer is asked again. */
const TRY_AGAIN = 15_000;

export interface ReportSending {
  /** How the server can be told; `unknown` while it can't be asked. */
  contact(): Promise<ReportContact>;
  /** Something waits. */
  pump(): void;
  /** Puts one that was kept, or not taken, among those that wait. */
  ask(id: number): void;
  close(): void;
}

/**
 * Sends reports to the server's abuse contact, each once: marked on the disk before a byte leaves, and looked up in
 * my own archive before it is sent again. docs/mechanisms/reports.md
 */
export function createReportSending(o: {
  db: WritableDb;
  connection: AccountConnection;
  changed(id: number): void;
  log(line: string): void;
}): ReportSending {
  const { db, connection } = o;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  /** One run at a time: the next one begins when this one has ended. */
  let running: Promise<void> | null = null;
  let again = false;
  /** Ids on the wire of this very stream: its acknowledgement tells. */
  let held = new Set<string>();

  const session = (): Session | null => (!closed && connection.isReady() ? connection.online() : null);

  const pump = () => {
    if (closed) return;
    if (running) {
      again = true;
      return;
    }
    running = run()
      .catch((error: unknown) => {
        if (closed || (error instanceof PostcardError && error.code === 'offline')) return;
        o.log(`a report could not be sent yet: ${error instanceof Error ? error.message : 'unknown'}`);
        if (timer) clearTimeout(timer);
        timer = setTimeout(pump, TRY_AGAIN);
      })
      .finally(() => {
        running = null;
        if (again) {
          again = false;
          pump();
        }
      });
  };

  const run = async () => {
    const now = session();
    const waiting = incidentsToSend(db).filter((i) => !held.has(i.token));
    if (!now || waiting.length === 0) return;
    await settle(
      now,
      waiting.filter((i) => i.sending === 'wire'),
    );
    const contacts = await now.abuseContacts();
    for (const { id } of waiting) {
      const incident = incidentsToSend(db).find((one) => one.id === id);
      if (incident?.sending === 'waiting' && session() === now) tell(now, incident, contacts);
    }
  };

  /** What was on the wire when a stream ended: did it arrive? What did not, waits again. */
  const settle = async (now: Session, doubtful: readonly IncidentRow[]) => {
    if (doubtful.length === 0) return;
    const archived = await now.archive.supported();
    let missing = doubtful;
    for (const wait of archived ? [0, SETTLED] : []) {
      if (missing.length === 0) break;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const since = Math.min(...missing.map((i) => i.wireAt ?? i.createdAt)) - CLOCK_MARGIN;
      const found = await now.findSent({ originIds: missing.map((i) => i.token), since });
      for (const i of missing) if (found.has(i.token)) sent(i.token);
      missing = missing.filter((i) => !found.has(i.token));
    }
    if (closed) return;
    durably(db, () => missing.forEach((i) => requeueIncident(db, i.id)));
  };

  const tell = (now: Session, incident: IncidentRow, contacts: readonly string[]) => {
    const to = contacts.find((one) => one.startsWith('xmpp:'))?.slice('xmpp:'.length);
    durably(db, () => {
      setIncidentContacts(db, incident.id, contacts);
      if (to !== undefined) markIncidentOnWire(db, incident.id, { to, at: Date.now() });
      else setIncidentUnsendable(db, incident.id, contacts.length > 0 ? 'by-hand' : 'nobody');
    });
    if (to !== undefined) {
      held.add(incident.token);
      now.send(messageOf(db, incident, to));
    }
    o.changed(incident.id);
  };

  const sent = (token: string) => {
    const incident = incidentByToken(db, token);
    if (!incident || closed) return;
    if (durably(db, () => markIncidentSent(db, incident.id, Date.now()))) o.changed(incident.id);
    held.delete(token);
  };

  connection.listen({
    onReady: (ready) => {
      held = new Set(ready.held);
      pump();
    },
    onLost: () => {
      held = new Set();
      pump();
    },
    onAcked: sent,
    onBounce: (bounce) => {
      const incident = incidentByToken(db, bounce.id);
      if (incident && markIncidentRefused(db, bounce.id, bounce.from)) o.changed(incident.id);
    },
  });

  return {
    pump,
    contact: async () => {
      const now = session();
      if (!now) return 'unknown';
      try {
        return kindOf(await now.abuseContacts());
      } catch (error) {
        if (error instanceof PostcardError) return 'unknown';
        throw error;
      }
    },
    ask: (id) => {
      if (durably(db, () => requeueIncident(db, id))) o.changed(id);
      pump();
    },
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function kindOf(contacts: readonly string[]): ReportContact {
  if (contacts.some((one) => one.startsWith('xmpp:'))) return 'message';
  return contacts.length > 0 ? 'by-hand' : 'nobody';
}

function messageOf(db: WritableDb, incident: IncidentRow, to: string): OutboundMessage {
  const { evidence: json } = incidentContent(db, incident.id);
  // Written by `seal` alone.
  const evidence = JSON.parse(json) as Evidence;
  // Quotes and brackets are several characters each in XML.
  const length = Buffer.byteLength(json.replaceAll(/[&<>"']/g, '&quot;'));
  return {
    id: incident.token,
    to,
    body: reportText(evidence, incident.sha256),
    file: null,
    wantsReceipt: false,
    markable: false,
    tellsChatState: false,
    report: {
      ...abuseReport(incident, evidence),
      about: incident.address,
      kind: incident.reason,
      sha256: incident.sha256,
      evidence: length <= EVIDENCE_MAX ? json : null,
    },
  };
}
