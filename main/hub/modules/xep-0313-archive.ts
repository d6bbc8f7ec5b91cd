/** XEP-0313 Message Archive Management, version 1.1.3 (`urn:xmpp:mam:2#extended`), with XEP-0059 paging. */
import { buildForm, readForm, readPage } from '../forms.ts';
import { bareOf, bareOfUser, fullOf, parseJid } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { isOwnMessage, uploadTokens } from '../retraction.ts';
import { StanzaError, timestamp } from '../stanza.ts';
import {
  addToArchive,
  archivedIdExists,
  countArchive,
  listArchive,
  setArchivedXml,
  setMessageId,
} from '../store/archive.ts';
import { getSetting, setSetting } from '../store/accounts.ts';
import { addUploadUse } from '../store/retraction.ts';
import { findItem } from '../store/roster.ts';
import { child, el, elements, parseXml, serialize, textEl, textOf, withChildren } from '../xml.ts';
import type { HubCore } from '../core.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { ArchiveFilter, ArchivedMessage } from '../store/archive.ts';
import type { PageRequest } from '../forms.ts';
import type { XmlElement } from '../xml.ts';

const PREFS = 'mam:prefs';

interface Prefs {
  default: 'always' | 'never' | 'roster';
  always: string[];
  never: string[];
}

/** §5.1 and XEP-0334: what has content or asks to be stored, unless it asks not to be. */
export function isArchivable(message: XmlElement): boolean {
  const { type } = message.attrs;
  if (type === 'error' || type === 'groupchat' || type === 'headline') return false;
  const hint = (name: string): boolean => child(message, name, NS.hints) !== undefined;
  if (hint('no-store') || hint('no-permanent-store')) return false;
  return (
    hint('store') ||
    child(message, 'body') !== undefined ||
    child(message, 'encryption', NS.eme) !== undefined
  );
}

/**
 * Archives a message for one account and returns it with the archive's id on it (XEP-0359 §4).
 * With `always` the account's preferences don't matter: a note to self has no other home.
 */
export function archiveFor(
  core: HubCore,
  user: string,
  peer: string,
  message: XmlElement,
  at: number,
  always = false,
): XmlElement {
  const other = parseJid(peer);
  if (!other || !(always || wantsArchived(core, user, bareOf(other)))) return message;
  const id = addToArchive(core.db, user, bareOf(other), fullOf(other), at);
  const stamp = el('stanza-id', NS.sid, { id, by: bareOfUser(user) });
  const stamped = withChildren(message, [...message.children, stamp]);
  const xml = serialize(stamped);
  setArchivedXml(core.db, id, xml);
  // '' for one without: its author can't name it either.
  setMessageId(core.db, id, message.attrs.id ?? child(message, 'origin-id', NS.sid)?.attrs.id ?? '');
  if (isOwnMessage(user, message))
    for (const token of uploadTokens(xml)) addUploadUse(core.db, { token, user, archiveId: id });
  return stamped;
}

function readPrefs(core: HubCore, user: string): Prefs {
  const stored = getSetting(core.db, user, PREFS);
  return stored ? (JSON.parse(stored) as Prefs) : { default: 'always', always: [], never: [] }; // written below alone
}

function wantsArchived(core: HubCore, user: string, peer: string): boolean {
  const prefs = readPrefs(core, user);
  if (prefs.always.includes(peer)) return true;
  if (prefs.never.includes(peer)) return false;
  if (prefs.default === 'roster') return findItem(core.db, user, peer)?.visible ?? false;
  return prefs.default === 'always';
}

function prefsElement(prefs: Prefs): XmlElement {
  const list = (name: string, jids: string[]): XmlElement =>
    el(
      name,
      NS.mam,
      {},
      jids.map((jid) => textEl('jid', NS.mam, jid)),
    );
  const { always, never } = prefs;
  return el('prefs', NS.mam, { default: prefs.default }, [list('always', always), list('never', never)]);
}

function setPrefs({ core, session, payload }: IqRequest): XmlElement {
  const choice = payload.attrs.default;
  if (choice !== 'always' && choice !== 'never' && choice !== 'roster') throw new StanzaError('bad-request');
  const list = (name: string): string[] => {
    const holder = child(payload, name);
    const jids = holder ? elements(holder, 'jid').map((e) => parseJid(textOf(e))) : [];
    return jids.flatMap((jid) => (jid ? [bareOf(jid)] : [])).slice(0, LIMITS.rosterItems);
  };
  const prefs: Prefs = { default: choice, always: list('always'), never: list('never') };
  setSetting(core.db, session.user, PREFS, JSON.stringify(prefs));
  return prefsElement(prefs);
}

function formFields(): XmlElement {
  const form = buildForm(NS.mam, 'form', [
    { name: 'with', type: 'jid-single' },
    { name: 'start', type: 'text-single' },
    { name: 'end', type: 'text-single' },
    { name: 'before-id', type: 'text-single' },
    { name: 'after-id', type: 'text-single' },
    { name: 'ids', type: 'list-multi' },
  ]);
  return el('query', NS.mam, {}, [form]);
}

/** @throws StanzaError item-not-found for an id that isn't in this archive (§4.3.2) */
function knownId(core: HubCore, user: string, text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (!archivedIdExists(core.db, user, id)) throw new StanzaError('item-not-found');
  return id;
}

function readFilter(core: HubCore, user: string, payload: XmlElement): ArchiveFilter {
  const form = readForm(payload) ?? new Map<string, string[]>();
  const filter: ArchiveFilter = {};
  const first = (name: string): string | undefined => form.get(name)?.[0];
  const time = (text: string): number => {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw new StanzaError('bad-request', 'Not a time');
    return ms;
  };
  const [peer, start, end] = [first('with'), first('start'), first('end')];
  if (peer !== undefined) {
    const jid = parseJid(peer);
    if (!jid) throw new StanzaError('jid-malformed');
    if (jid.resource) filter.peerFull = fullOf(jid);
    filter.peer = bareOf(jid);
  }
  if (start !== undefined) filter.start = time(start);
  if (end !== undefined) filter.end = time(end);
  const [after, before, ids] = [first('after-id'), first('before-id'), form.get('ids')];
  if (after !== undefined) filter.after = knownId(core, user, after);
  if (before !== undefined) filter.before = knownId(core, user, before);
  if (ids) filter.ids = ids.slice(0, LIMITS.archivePage).map((id) => knownId(core, user, id));
  return filter;
}

interface Page {
  rows: ArchivedMessage[];
  complete: boolean;
  index: number | undefined;
}

function readRows(core: HubCore, user: string, base: ArchiveFilter, page: PageRequest): Page {
  const max = Math.min(page.max ?? 100, LIMITS.archivePage);
  const filter = { ...base };
  if (page.after) filter.after = Math.max(filter.after ?? 0, knownId(core, user, page.after));
  if (page.before) filter.before = Math.min(filter.before ?? Infinity, knownId(core, user, page.before));
  const last = page.before !== undefined;
  const skip = page.index ?? 0;
  if (max === 0) return { rows: [], complete: false, index: undefined };
  const rows = listArchive(core.db, user, filter, { limit: max + 1, last, skip });
  const complete = rows.length <= max;
  if (!complete) rows.splice(last ? 0 : max, 1);
  const [first] = rows;
  const index = first && countArchive(core.db, user, lowerThan(base, first.id));
  return { rows, complete, index };
}

function lowerThan(filter: ArchiveFilter, id: number): ArchiveFilter {
  return { ...filter, before: Math.min(filter.before ?? Infinity, id) };
}

function query({ core, session, payload }: IqRequest): XmlElement {
  const { user } = session;
  const filter = readFilter(core, user, payload);
  const page = readPage(payload);
  const { rows, complete, index } = readRows(core, user, filter, page);
  const flip = child(payload, 'flip-page') !== undefined;
  for (const row of flip ? rows.toReversed() : rows) {
    const delay = el('delay', NS.delay, { stamp: timestamp(row.at) });
    const forwarded = el('forwarded', NS.forward, {}, [delay, parseXml(row.xml)]);
    const result = el('result', NS.mam, { queryid: payload.attrs.queryid, id: row.id }, [forwarded]);
    session.send(el('message', NS.client, { from: session.bare, to: session.jid }, [result]));
  }
  const set: XmlElement[] = [];
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && last) {
    set.push(textEl('first', NS.rsm, String(first.id), { index }), textEl('last', NS.rsm, String(last.id)));
  }
  set.push(textEl('count', NS.rsm, String(countArchive(core.db, user, filter))));
  return el('fin', NS.mam, { complete: complete ? 'true' : undefined }, [el('set', NS.rsm, {}, set)]);
}

/** §4.4 of the extended protocol: where the archive begins and ends. */
function metadata({ core, session }: IqRequest): XmlElement {
  const edge = (name: string, last: boolean): XmlElement[] => {
    const [row] = listArchive(core.db, session.user, {}, { limit: 1, last, skip: 0 });
    return row ? [el(name, NS.mam, { id: row.id, timestamp: timestamp(row.at) })] : [];
  };
  return el('metadata', NS.mam, {}, [...edge('start', false), ...edge('end', true)]);
}

export const archive: HubModule = {
  name: 'xep-0313-archive',
  serverFeatures: [NS.mam, NS.sid],
  accountFeatures: [NS.mam, NS.mamExtended, NS.sid],
  iq: [
    { at: 'account', type: 'get', ns: NS.mam, name: 'query', handle: formFields },
    { at: 'account', type: 'set', ns: NS.mam, name: 'query', handle: query },
    { at: 'account', type: 'get', ns: NS.mam, name: 'metadata', handle: metadata },
    {
      at: 'account',
      type: 'get',
      ns: NS.mam,
      name: 'prefs',
      handle: ({ core, session }) => prefsElement(readPrefs(core, session.user)),
    },
    { at: 'account', type: 'set', ns: NS.mam, name: 'prefs', handle: setPrefs },
  ],
};
