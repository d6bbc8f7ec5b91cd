// XEP-0313: Message Archive Management, version 1.1.3; XEP-0059: Result Set Management, version 1.0
import { randomUUID } from 'node:crypto';
import type { IQ, ReceivedMessage } from 'stanza/protocol/index.js';
import type { ArchiveQuery } from '../types.ts';

/** One result as the library reads it. */
export interface ArchiveResult {
  readonly id: string;
  readonly message: ReceivedMessage;
  /** When the archive got it, Unix ms. */
  readonly stamp: number | null;
}

/** The request for a page of one's own archive or (`of`) a room's, and the query id that its results must carry. */
export function buildQuery(query: ArchiveQuery, of: string | null = null): { iq: IQ; queryId: string } {
  const queryId = randomUUID();
  const fields: { name: string; type?: string; value: string }[] = [
    { name: 'FORM_TYPE', type: 'hidden', value: 'urn:xmpp:mam:2' },
  ];
  if (query.with !== undefined) fields.push({ name: 'with', value: query.with });
  if (query.start !== undefined) fields.push({ name: 'start', value: new Date(query.start).toISOString() });
  if (query.end !== undefined) fields.push({ name: 'end', value: new Date(query.end).toISOString() });
  const paging = {
    max: query.max,
    ...(query.after === undefined ? {} : { after: query.after }),
    // RFC-style empty `<before/>` asks for the last page (XEP-0059 section 2.5).
    ...(query.before === undefined ? {} : { before: query.before === true ? '' : query.before }),
  };
  const archive = { type: 'query', version: '2', queryId, form: { type: 'submit', fields }, paging };
  // The library's type for a query wants its own form classes; the wire takes these fields.
  const to = of === null ? {} : { to: of };
  return { iq: { type: 'set', ...to, archive } as unknown as IQ, queryId };
}

/** The result in a message, or null. The caller has checked who sent it. */
export function readResult(message: ReceivedMessage): ArchiveResult | null {
  const archive = message.archive as
    { id?: string; item?: { message?: ReceivedMessage; delay?: { timestamp?: Date } } } | undefined;
  if (!archive?.id || archive.item?.message === undefined) return null;
  const stamp = archive.item.delay?.timestamp?.getTime() ?? Number.NaN;
  return { id: archive.id, message: archive.item.message, stamp: Number.isFinite(stamp) ? stamp : null };
}

/** The end of a page (`<fin/>`). */
export interface PageEnd {
  readonly complete: boolean;
  readonly first: string | null;
  readonly last: string | null;
  readonly count: number | null;
}

export function readEnd(iq: IQ): PageEnd {
  const archive = iq.archive as
    { complete?: boolean; paging?: { first?: string; last?: string; count?: number } } | undefined;
  return {
    complete: archive?.complete ?? false,
    first: archive?.paging?.first ?? null,
    last: archive?.paging?.last ?? null,
    count: archive?.paging?.count ?? null,
  };
}
