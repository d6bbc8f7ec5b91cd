import { PostcardError } from '../../contract/errors.ts';
import type { OpenQueries } from './inbound.ts';
import { type InboundContext, readMessage } from './read-message.ts';
import { readRoomMessage } from './room-messages.ts';
import { nickIn, type RoomView } from './room-presence.ts';
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

/** One page of my archive, or of a room's. See `Archive.page`. */
export async function fetchPage(
  port: IqPort,
  context: InboundContext,
  queries: OpenQueries,
  query: ArchiveQuery,
  room: RoomView | null = null,
): Promise<ArchivePage> {
  const { results, end } = await collect(port, queries, query, room?.address ?? null);
  const messages = results.flatMap(
    (result) => (room === null ? read(result, context) : readOfRoom(result, port.own, room)) ?? [],
  );
  return { messages, ...end };
}

function read(result: ArchiveResult, context: InboundContext): InboundMessage | null {
  const stamp = result.stamp === null ? undefined : new Date(result.stamp);
  return readMessage(result.message, context, { source: 'archive', archiveId: result.id, stamp });
}

const readOfRoom = (
  { id, message, stamp }: ArchiveResult,
  own: string,
  room: RoomView,
): InboundMessage | null => readRoomMessage(message, own, room, { source: 'archive', archiveId: id, stamp });

async function collect(port: IqPort, queries: OpenQueries, query: ArchiveQuery, of: string | null) {
  const { iq, queryId } = buildQuery(query, of);
  const results: ArchiveResult[] = [];
  const take = (result: ArchiveResult) => {
    // A server that sends more than was asked for is not believed without limit.
    if (results.length < query.max * 2) results.push(result);
  };
  queries.set(queryId, { of: of ?? port.own, take });
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
  return search(port, queries, {
    of: null,
    originIds: query.originIds,
    query: {
      ...(query.with === undefined ? {} : { with: query.with }),
      ...(query.after === undefined ? {} : { after: query.after }),
      ...(query.since === undefined ? {} : { start: query.since - CLOCK_SKEW }),
    },
    isMine: ({ message }) => isMine(message.from, port.own),
  });
}

/** The same in a room's archive. */
export async function findInRoom(
  port: IqPort,
  queries: OpenQueries,
  query: { originIds: string[]; after?: string },
  room: RoomView,
): Promise<Map<string, { stanzaId: string; sentAt: number }>> {
  return search(port, queries, {
    of: room.address,
    originIds: query.originIds,
    query: query.after === undefined ? {} : { after: query.after },
    isMine: (result) => isMineIn(result, port.own, room),
  });
}

interface Search {
  readonly of: string | null;
  readonly originIds: readonly string[];
  readonly query: Omit<ArchiveQuery, 'max'>;
  isMine(result: ArchiveResult): boolean;
}

async function search(
  port: IqPort,
  queries: OpenQueries,
  o: Search,
): Promise<Map<string, { stanzaId: string; sentAt: number }>> {
  const wanted = new Set(o.originIds);
  const found = new Map<string, { stanzaId: string; sentAt: number }>();
  let { after } = o.query;
  while (wanted.size > 0) {
    const paging = { ...o.query, ...(after === undefined ? {} : { after }), max: SEARCH_PAGE };
    const { results, end } = await collect(port, queries, paging, o.of);
    for (const result of results) {
      const { id, message, stamp } = result;
      const sentId = message.originId || message.id;
      if (!sentId || !wanted.has(sentId) || !o.isMine(result)) continue;
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

/**
 * An origin id that nobody has heard yet is known to its sender alone: in a room whose archive does not say who it was,
 * the nickname is enough.
 */
function isMineIn(result: ArchiveResult, own: string, room: RoomView): boolean {
  const read = readOfRoom(result, own, room);
  if (read?.outgoing === true) return true;
  const nick = nickIn(result.message.from);
  return read?.room?.known !== true && nick !== null && nick === room.self?.nick;
}
