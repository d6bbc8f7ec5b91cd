/** XEP-0424 Message Retraction, version 0.4.2, with tombstones (§5). */
import { unlinkSync } from 'node:fs';
import { bareOf, bareOfUser, parseJid } from './jid.ts';
import { NS } from './namespaces.ts';
import { timestamp } from './stanza.ts';
import { setArchivedXml } from './store/archive.ts';
import { deleteOffline } from './store/offline.ts';
import {
  archivedAfter,
  archivedAs,
  deleteHeldRow,
  deleteUnusedUpload,
  dropUploadUses,
  heldNaming,
  offlineNaming,
} from './store/retraction.ts';
import { uploadFile } from './upload-files.ts';
import { child, el, elements, parseXml, serialize, textEl, textOf, withChildren } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Jid } from './jid.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

/** The id of the message that is taken back; undefined for any other message. */
export const retractedId = (message: XmlElement): string | undefined =>
  child(message, 'retract', NS.retraction)?.attrs.id || undefined;

/**
 * Erases a message that its sender takes back: in both archives, where it waits and where it is held. Only what this
 * sender wrote; its recipient can't. True when the other side had it, or had been told of it: then they hear of the
 * retraction.
 */
export function eraseRetracted(core: HubCore, session: Session, target: Jid, message: XmlElement): boolean {
  const id = retractedId(message);
  if (id === undefined) return false;
  const wanted = { from: session.bare, id };
  const own = tombstones(core, { user: session.user, peer: bareOf(target), retraction: message, ...wanted });
  const other = { user: target.user, peer: session.bare, retraction: message, ...wanted };
  const theirs = target.user === session.user ? [] : tombstones(core, other);
  const waiting = dropWaiting(core, target.user, wanted);
  for (const row of heldNaming(core.db, target.user, session.bare, id))
    if (isIt(parseXml(row.xml), wanted)) deleteHeldRow(core.db, row.id);
  dropUploads(core, session.user, own);
  scrubLater(core);
  return theirs.length > 0 || waiting;
}

interface Wanted {
  /** Bare address. */
  readonly from: string;
  readonly id: string;
}

/** Its author's message itself: neither a retraction nor what one has left. */
function isIt(message: XmlElement, { from, id }: Wanted): boolean {
  const sender = parseJid(message.attrs.from);
  if (!sender || bareOf(sender) !== from) return false;
  if (retractedId(message) !== undefined || child(message, 'retracted', NS.retraction)) return false;
  return message.attrs.id === id || child(message, 'origin-id', NS.sid)?.attrs.id === id;
}

/** Replaces it in one account's archive, which keeps its id; what it was is returned. */
function tombstones(
  core: HubCore,
  o: Wanted & { user: string; peer: string; retraction: XmlElement },
): XmlElement[] {
  return archivedAs(core.db, o.user, o.peer, o.id).flatMap((row) => {
    const was = parseXml(row.xml);
    if (!isIt(was, o)) return [];
    dropUploadUses(core.db, row.id);
    setArchivedXml(core.db, row.id, serialize(tombstone(was, o.retraction)));
    for (const later of archivedAfter(core.db, o.user, o.peer, row.id, o.id)) {
      const unquoted = withoutQuote(parseXml(later.xml), o.id);
      if (unquoted) setArchivedXml(core.db, later.id, serialize(unquoted));
    }
    return [was];
  });
}

/**
 * An answer without the words it quotes for apps that know no answers (XEP-0461 §3.2); null where it quotes none of
 * this message. Whoever knows answers leaves them out anyway, and looks at the message itself.
 */
function withoutQuote(answer: XmlElement, id: string): XmlElement | null {
  if (child(answer, 'reply', NS.reply)?.attrs.id !== id) return null;
  const quote = elements(answer, 'fallback', NS.fallback).find((e) => e.attrs.for === NS.reply);
  const body = child(answer, 'body', NS.client);
  if (!quote || !body) return null;
  const range = child(quote, 'body')?.attrs ?? {};
  const [start, end] = [Number(range.start ?? 0), Number(range.end ?? Infinity)];
  // Code points (XEP-0426).
  const left = [...textOf(body)].filter((_, at) => at < start || at >= end).join('');
  const children = answer.children.filter((node) => node !== quote);
  return withChildren(
    answer,
    children.map((node) => (node === body ? textEl('body', NS.client, left) : node)),
  );
}

/** What says which message it was, and nothing of what it said. */
function tombstone(was: XmlElement, retraction: XmlElement): XmlElement {
  const kept = elements(was).filter(
    (e) => e.ns === NS.sid || e.ns === NS.correction || (e.ns === NS.caption && e.name === 'caption'),
  );
  const attrs = { id: retraction.attrs.id, stamp: timestamp(Date.now()) };
  return withChildren(was, [el('retracted', NS.retraction, attrs), ...kept]);
}

/** It is not delivered any more to whoever was away; a device that may come back gets it, and the retraction after. */
function dropWaiting(core: HubCore, user: string, wanted: Wanted): boolean {
  let found = false;
  for (const row of offlineNaming(core.db, user, wanted.id)) {
    if (!isIt(parseXml(row.xml), wanted)) continue;
    core.held.get(row.id)?.erase(core.db);
    deleteOffline(core.db, row.id);
    found = true;
  }
  for (const session of core.sessionsOf(user))
    for (const { xml, delivery } of session.stream?.unacked ?? [])
      if (delivery && xml.includes(wanted.id) && isIt(parseXml(delivery.xml), wanted))
        delivery.erase(core.db);
  return found;
}

const TOKEN = /\/upload\/([\w-]{20,64})\//g;

/** Tokens of the uploads that a message names. */
export const uploadTokens = (xml: string): string[] => [
  ...new Set([...xml.matchAll(TOKEN)].flatMap(([, token]) => token ?? [])),
];

/** The files of messages go with them, unless their author has sent them in another one. */
export function dropUploads(core: HubCore, user: string, erased: readonly XmlElement[]): void {
  const tokens = erased.flatMap((message) => uploadTokens(serialize(message)));
  const gone = tokens.filter((token) => deleteUnusedUpload(core.db, user, token));
  if (gone.length === 0) return;
  // Once that is on disk: a file without its row is removed at the next start.
  core.turn.flushLater({ flush: () => gone.forEach((token) => removeFile(core, token)) });
}

function removeFile(core: HubCore, token: string): void {
  try {
    unlinkSync(uploadFile(core, token));
  } catch (error) {
    core.log(`A file could not be removed: ${String(error)}`);
  }
}

/** Empties the write-ahead log when the turn is on disk: what was erased is still in it. */
export function scrubLater(core: HubCore): void {
  const scrub = (): void => {
    if (!core.db.open) return;
    if (core.db.inTransaction) setImmediate(scrub);
    else core.db.pragma('wal_checkpoint(TRUNCATE)');
  };
  core.turn.flushLater({ flush: () => setImmediate(scrub) });
}

/** Whose message it is, where one is archived: an upload counts as used by its uploader's messages alone. */
export const isOwnMessage = (user: string, message: XmlElement): boolean => {
  const sender = parseJid(message.attrs.from);
  return sender !== null && bareOf(sender) === bareOfUser(user);
};
