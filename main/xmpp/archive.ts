import { PostcardError } from '../../contract/errors.ts';
import { type InboundContext, type OpenQueries, readMessage } from './inbound.ts';
import { IqError } from './iq.ts';
import type { IqPort } from './modules/iq-port.ts';
import { discoInfo } from './modules/xep-0030-disco.ts';
import { type ArchiveResult, buildQuery, readEnd } from './modules/xep-0313-archive.ts';
import type { ArchivePage, ArchiveQuery, InboundMessage } from './types.ts';

const MAM = 'urn:xmpp:mam:2';
/** A server's clock may be behind ours by this much, in ms. */
const CLOCK_SKEW = 10 * 60_000;
const SEARCH_PAGE = 100;
/** A page at the servers' slowest permitted pace. In ms. */
const PAGE_TIMEOUT = 120_000;

/** Whether my account has an archive (XEP-0313 section 8). */
export async function hasArchive(port: IqPort): Promise<boolean> {
  return (await discoInfo(port, port.own))?.features.includes(MAM) ?? false;
}

/** One page of my archive. See `Archive.page`. */
export async function fetchPage(
  port: IqPort,
  context: InboundContext,
  queries: OpenQueries,
  query: ArchiveQuery,
): Promise<ArchivePage> {
  const { results, end } = await collect(port, queries, query);
  const messages = results.flatMap((result) => read(result, context) ?? []);
  return { messages, ...end };
}

function read(result: ArchiveResult, context: InboundContext): InboundMessage | null {
  const stamp = result.stamp === null ? undefined : new Date(result.stamp);
  return readMessage(result.message, context, { source: 'archive', archiveId: result.id, stamp });
}

async function collect(port: IqPort, queries: OpenQueries, query: ArchiveQuery) {
  const { iq, queryId } = buildQuery(query);
  const results: ArchiveResult[] = [];
  queries.set(queryId, (result) => {
    // A server that sends more than was asked for is not believed without limit.
    if (results.length < query.max * 2) results.push(result);
  });
  try {
    const end = readEnd(await port.send(iq, PAGE_TIMEOUT));
    // Nothing in the page and no ends named: there is no more, whatever `complete` says.
    return {
      results,
      end: { ...end, complete: end.complete || (results.length === 0 && end.last === null) },
    };
  } catch (error) {
    const missing = error instanceof IqError && error.condition === 'item-not-found';
    throw missing ? new PostcardError('not-found', { what: 'archive-id' }, { cause: error }) : error;
  } finally {
    queries.delete(queryId);
  }
}

/** See `Session.findSent`. */
export async function findSent(
  port: IqPort,
  queries: OpenQueries,
  query: { originIds: string[]; since?: number; after?: string; with?: string },
): Promise<Map<string, { stanzaId: string; sentAt: number }>> {
  const wanted = new Set(query.originIds);
  const found = new Map<string, { stanzaId: string; sentAt: number }>();
  let after = query.after;
  while (wanted.size > 0) {
    const { results, end } = await collect(port, queries, {
      ...(query.with === undefined ? {} : { with: query.with }),
      ...(after === undefined ? {} : { after }),
      ...(query.since === undefined ? {} : { start: query.since - CLOCK_SKEW }),
      max: SEARCH_PAGE,
    });
    for (const { id, message, stamp } of results) {
      const sentId = message.originId || message.id;
      if (!sentId || !wanted.has(sentId) || !isMine(message.from, port.own)) continue;
      wanted.delete(sentId);
      found.set(sentId, { stanzaId: id, sentAt: stamp ?? Date.now() });
    }
    if (end.complete || end.last === null || end.last === after) break;
    after = end.last;
  }
  return found;
}

function isMine(from: string | undefined, own: string): boolean {
  return from === undefined || from === own || from.startsWith(`${own}/`);
}
