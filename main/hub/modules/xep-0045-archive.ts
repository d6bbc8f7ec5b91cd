/** XEP-0313 Message Archive Management, version 1.1.3, of rooms (§5 of XEP-0313's MUC rules). */
import { buildForm, readForm, readPage } from '../forms.ts';
import { ROOMS_DOMAIN, parseJid } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { readablePart } from '../rooms/history.ts';
import { StanzaError, timestamp } from '../stanza.ts';
import { countRoomMessages, findRoomMessage, listRoomMessages } from '../store/room-archive.ts';
import { child, el, parseXml, textEl } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { RoomFilter, RoomMessage } from '../store/room-archive.ts';
import type { Room } from '../rooms/room.ts';
import type { XmlElement } from '../xml.ts';

function formFields(): XmlElement {
  const single = ['with', 'start', 'end', 'before-id', 'after-id'];
  const fields = single.map((name) => ({ name, type: name === 'with' ? 'jid-single' : 'text-single' }));
  return el('query', NS.mam, {}, [
    buildForm(NS.mam, 'form', [...fields, { name: 'ids', type: 'list-multi' }]),
  ]);
}

/** The part of the archive that is asked for and may be read. @throws StanzaError */
class Reader {
  readonly request: IqRequest;
  readonly room: Room;
  readonly readable: RoomFilter;

  constructor(request: IqRequest) {
    this.request = request;
    this.room = request.core.rooms.get(request.user);
    this.readable = readablePart(this.room, request.session.user);
  }

  /** @throws StanzaError item-not-found for an id that isn't in this archive, or may not be read */
  known(text: string): number {
    const id = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    const there = findRoomMessage(this.request.core.db, this.room.id, id);
    // The last message before they joined is known to nobody who joined after it, except as an edge.
    if (!there || id <= (this.readable.after ?? 0)) throw new StanzaError('item-not-found');
    return id;
  }

  filter(): RoomFilter {
    const form = readForm(this.request.payload) ?? new Map<string, string[]>();
    const filter: RoomFilter = { ...this.readable };
    const first = (name: string): string | undefined => form.get(name)?.[0];
    const [start, end, peer] = [first('start'), first('end'), first('with')];
    if (start !== undefined) filter.start = readTime(start);
    if (end !== undefined) filter.end = readTime(end);
    if (peer !== undefined) {
      const jid = parseJid(peer);
      if (!jid) throw new StanzaError('jid-malformed');
      const inRoom = jid.domain === ROOMS_DOMAIN && jid.user === this.room.name;
      if (jid.resource || !inRoom) filter.nick = inRoom ? jid.resource : '\0';
    }
    const [after, before, ids] = [first('after-id'), first('before-id'), form.get('ids')];
    if (after !== undefined) filter.after = this.known(after);
    if (before !== undefined) filter.before = this.known(before);
    if (ids) filter.ids = ids.slice(0, LIMITS.archivePage).map((id) => this.known(id));
    return filter;
  }

  list(filter: RoomFilter, limit: number, last: boolean, skip = 0): RoomMessage[] {
    return listRoomMessages(this.request.core.db, this.room.id, filter, { limit, last, skip });
  }

  count(filter: RoomFilter): number {
    return countRoomMessages(this.request.core.db, this.room.id, filter);
  }
}

function readTime(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new StanzaError('bad-request', 'Not a time');
  return ms;
}

function query(request: IqRequest): XmlElement {
  const reader = new Reader(request);
  const base = reader.filter();
  const page = readPage(request.payload);
  const max = Math.min(page.max ?? 100, LIMITS.archivePage);
  const filter = { ...base };
  if (page.after) filter.after = Math.max(filter.after ?? 0, reader.known(page.after));
  if (page.before) filter.before = Math.min(filter.before ?? Infinity, reader.known(page.before));
  const last = page.before !== undefined;
  const rows = max === 0 ? [] : reader.list(filter, max + 1, last, page.index ?? 0);
  const complete = max > 0 && rows.length <= max;
  if (rows.length > max) rows.splice(last ? 0 : max, 1);
  const flip = child(request.payload, 'flip-page') !== undefined;
  for (const row of flip ? rows.toReversed() : rows) sendResult(request, reader.room, row);
  return el('fin', NS.mam, { complete: complete ? 'true' : undefined }, [pageSet(reader, base, rows)]);
}

function sendResult({ session, payload }: IqRequest, room: Room, row: RoomMessage): void {
  const delay = el('delay', NS.delay, { stamp: timestamp(row.at) });
  const forwarded = el('forwarded', NS.forward, {}, [delay, parseXml(row.xml)]);
  const result = el('result', NS.mam, { queryid: payload.attrs.queryid, id: row.id }, [forwarded]);
  session.send(el('message', NS.client, { from: room.jid, to: session.jid }, [result]));
}

function pageSet(reader: Reader, base: RoomFilter, rows: readonly RoomMessage[]): XmlElement {
  const set: XmlElement[] = [];
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && last) {
    const index = reader.count({ ...base, before: Math.min(base.before ?? Infinity, first.id) });
    set.push(textEl('first', NS.rsm, String(first.id), { index }), textEl('last', NS.rsm, String(last.id)));
  }
  set.push(textEl('count', NS.rsm, String(reader.count(base))));
  return el('set', NS.rsm, {}, set);
}

function metadata(request: IqRequest): XmlElement {
  const reader = new Reader(request);
  const edge = (name: string, last: boolean): XmlElement[] =>
    reader
      .list(reader.readable, 1, last)
      .map((row) => el(name, NS.mam, { id: row.id, timestamp: timestamp(row.at) }));
  return el('metadata', NS.mam, {}, [...edge('start', false), ...edge('end', true)]);
}

export const roomArchive: HubModule = {
  name: 'xep-0045-archive',
  iq: [
    { at: 'room', type: 'get', ns: NS.mam, name: 'query', handle: formFields },
    { at: 'room', type: 'set', ns: NS.mam, name: 'query', handle: query },
    { at: 'room', type: 'get', ns: NS.mam, name: 'metadata', handle: metadata },
  ],
};
