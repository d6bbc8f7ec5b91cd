import { Readable } from 'node:stream';
import type { Handlers } from '../../../contract/index.ts';
import type { ReportDetails, ReportSummary } from '../../../contract/reports.ts';
import { PostcardError } from '../../../contract/errors.ts';
import type { Events } from '../../events.ts';
import type { Media } from '../../media/index.ts';
import {
  addIncidentNote,
  deleteIncident,
  durably,
  incidentById,
  incidentBlocksWaiting,
  incidentByToken,
  incidentContent,
  incidentNotes,
  insertIncident,
  listIncidents,
  personByAddress,
  type IncidentRow,
  type WritableDb,
} from '../../store/index.ts';
import { bareAddress } from '../bare-address.ts';
import type { AccountConnection } from '../connection.ts';
import { asPostcardError } from '../media-errors.ts';
import { byHand } from './by-hand.ts';
import { domainOf, type Evidence } from './evidence.ts';
import { gather, previewOf } from './gather.ts';
import { makeNote, readNote } from './manifest.ts';
import { packageReport, presentFiles } from './package.ts';
import { createReportSending } from './sending.ts';
import { localZone } from './zoned-time.ts';

/** Reports: evidence that is kept, exported and sent; see docs/mechanisms/reports.md. */
export interface Reports {
  readonly handlers: Pick<
    Handlers,
    | 'reports.prepare'
    | 'reports.create'
    | 'reports.list'
    | 'reports.get'
    | 'reports.note'
    | 'reports.send'
    | 'reports.delete'
    | 'reports.export'
  >;
  /** `/media/report/ID`: the ZIP. Null for every other address. */
  serve(request: Request): Promise<Response | null>;
  close(): void;
}

export interface ReportsOptions {
  readonly db: WritableDb;
  readonly ownAddress: string;
  readonly media: Media;
  readonly connection: AccountConnection;
  readonly events: Events;
  isBlocked(address: string): boolean;
  /** Blocks somebody; what `reportInBlock` says goes along with it. */
  block(address: string): void;
  log(line: string): void;
}

export function createReports(o: ReportsOptions): Reports {
  const { db, media } = o;
  const changed = (id: number) => o.events.emit('reports.changed', { id });
  const sending = createReportSending({ ...o, changed });

  const known = (id: number): IncidentRow => {
    const found = incidentById(db, id);
    if (!found) throw new PostcardError('not-found');
    return found;
  };
  const summary = (i: IncidentRow): ReportSummary => ({
    id: i.id,
    person: personByAddress(db, i.address),
    reason: i.reason,
    createdAt: i.createdAt,
    sha256: i.sha256,
    sending: i.sending === 'wire' ? 'waiting' : i.sending,
    messages: i.summary.messages,
    files: i.summary.files,
  });
  const details = (id: number): ReportDetails => {
    const incident = known(id);
    // Written by `seal` alone.
    const evidence = JSON.parse(incidentContent(db, id).evidence) as Evidence;
    return {
      ...summary(incident),
      details: evidence.report.details,
      at: evidence.report.made.time,
      zone: evidence.report.made.zone,
      server: evidence.account.server,
      sentAt: incident.sentAt,
      sentTo: incident.sentTo,
      addresses: byHand(incident, evidence),
      absent: incident.summary.absent,
      notes: incidentNotes(db, id).map((row) => {
        const { time, zone, text, sha256 } = readNote(row);
        return { at: time, zone, text, sha256 };
      }),
    };
  };

  const create: Handlers['reports.create'] = async (given) => {
    const again = incidentByToken(db, given.token);
    if (again) return summary(again);
    const address = bareAddress(given.address);
    const made = await gather({ db, media, ownAddress: o.ownAddress }, { ...given, address });
    const mayBlock = given.block && address !== o.ownAddress && !o.isBlocked(address);
    const id = durably(db, () =>
      insertIncident(db, {
        ...made,
        token: given.token,
        address,
        reason: given.reason,
        sending: given.send ? 'waiting' : 'kept',
        reportInBlock: mayBlock,
      }),
    );
    changed(id);
    // The report is there before the block is told, which takes it along.
    if (mayBlock) o.block(address);
    sending.pump();
    return summary(known(id));
  };

  // The report was on the disk and the block was not when this was killed.
  for (const address of incidentBlocksWaiting(db)) if (!o.isBlocked(address)) o.block(address);

  return {
    close: sending.close,
    serve: (request) => serve(o, request),
    handlers: {
      'reports.prepare': async (asked) => ({
        ...previewOf(db, { ...asked, address: bareAddress(asked.address) }),
        server: domainOf(o.ownAddress),
        contact: await sending.contact(),
        canBlock: bareAddress(asked.address) !== o.ownAddress && !o.isBlocked(bareAddress(asked.address)),
      }),
      'reports.create': create,
      'reports.list': (asked) => {
        const { items, next } = listIncidents(db, asked);
        return { items: items.map(summary), next };
      },
      'reports.get': ({ id }) => details(id),
      'reports.note': ({ id, text }) => {
        const zone = localZone();
        durably(db, () =>
          addIncidentNote(db, id, (before, sha256) =>
            makeNote(text, { before, sha256, at: Date.now(), zone }),
          ),
        );
        changed(id);
        return details(id);
      },
      'reports.send': ({ id }) => sending.ask(known(id).id),
      'reports.delete': ({ id }) => {
        if (durably(db, () => deleteIncident(db, id))) changed(id);
      },
      'reports.export': async ({ id }) => {
        const incident = known(id);
        const { lost } = await presentFiles(db, media, id);
        return { url: `/media/report/${id}`, name: fileName(incident), absent: lost.length };
      },
    },
  };
}

/** Nothing in it but what every system takes. */
function fileName(i: IncidentRow): string {
  const who = (i.address.split('@')[0] ?? '')
    .replace(/[^a-z0-9]+/gi, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return ['postcard-report', new Date(i.createdAt).toISOString().slice(0, 10), who, i.sha256.slice(0, 8)]
    .filter((part) => part !== '')
    .join('-')
    .concat('.zip');
}

async function serve({ db, media }: ReportsOptions, request: Request): Promise<Response | null> {
  const [, id] = /^\/media\/report\/(\d{1,15})$/.exec(new URL(request.url).pathname) ?? [];
  if (id === undefined) return null;
  const incident = incidentById(db, Number(id));
  if (!incident) return new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } });
  try {
    const zip = await packageReport(db, media, incident);
    return new Response(Readable.toWeb(Readable.from(zip, { objectMode: false })) as unknown as BodyInit, {
      headers: {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${fileName(incident)}"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    if (asPostcardError(error)?.code === 'not-found') return new Response(null, { status: 404 });
    throw error;
  }
}
