import { ASSISTANT_USER, bareOfUser, parseJid, ROOMS_DOMAIN } from './jid.ts';
import { NS } from './namespaces.ts';
import { findAcquaintance, measureHeld } from './store/held.ts';
import { child, childText, elements, textOf } from './xml.ts';
import type { HubCore } from './core.ts';
import type { HeldKind } from './store/held.ts';
import type { XmlElement } from './xml.ts';

/** What becomes of a message whose sender the other side has not let in. */
export type Admission =
  { readonly way: 'pass' | 'first' | 'drop' } | { readonly way: 'hold'; readonly kind: HeldKind };

const PASS: Admission = { way: 'pass' };

/**
 * Somebody not let in gets one text through if they begin with it; what comes after it, and anything with a file and
 * what follows that, is held back until they are let in (docs/mechanisms/requests.md). Notices without content (typing, receipts) reach nobody.
 */
export function admission(
  core: HubCore,
  from: string,
  to: string,
  type: string,
  message: XmlElement,
): Admission {
  if (from === to || from === ASSISTANT_USER || to === ASSISTANT_USER) return PASS;
  // An error answers something; a groupchat message to a person is refused elsewhere.
  if (type === 'error' || type === 'groupchat') return PASS;
  const state = findAcquaintance(core.db, to, bareOfUser(from));
  if (state === 'known') return PASS;
  if (isVote(core, from, to, message)) return PASS;
  if (type === 'headline' || child(message, 'no-store', NS.hints)) return { way: 'drop' };
  // Nothing passes what is held back already: all of it arrives in the order in which it was written.
  const isFirst = state === null && measureHeld(core.db, to, bareOfUser(from)).count === 0;
  if (isFirst && isPlainText(message)) return { way: 'first' };
  const kind = kindOf(message);
  return kind ? { way: 'hold', kind } : { way: 'drop' };
}

/** Whether a message says something to somebody: writing that lets them in, as a receipt does not. */
export function isWriting(message: XmlElement, type: string): boolean {
  return (type === 'chat' || type === 'normal') && hasContent(message) && !isRetraction(message);
}

/** Its text is for apps that do not know better. */
const isRetraction = (message: XmlElement): boolean => child(message, 'retract', NS.retraction) !== undefined;

/**
 * A vote in an anonymous poll of a group that both are in goes to its author alone (docs/mechanisms/polls.md): it is
 * nothing that anybody reads.
 */
function isVote(core: HubCore, from: string, to: string, message: XmlElement): boolean {
  const vote = child(message, 'vote', NS.polls);
  const only = elements(message).every((e) => e === vote || e.ns === NS.hints || e.ns === NS.sid);
  const room = vote && only ? roomIn(textOf(vote)) : null;
  const target = room === null ? null : parseJid(room);
  if (target?.domain !== ROOMS_DOMAIN || !target.user) return false;
  const people = core.rooms.find(target.user)?.people;
  return [from, to].every((user) => isMember(people?.get(user)?.affiliation));
}

const isMember = (affiliation: string | undefined): boolean =>
  affiliation === 'member' || affiliation === 'admin' || affiliation === 'owner';

/** The room that a note names; null: it is none. */
function roomIn(json: string): string | null {
  try {
    const said: unknown = JSON.parse(json);
    const room = typeof said === 'object' && said !== null && 'room' in said ? said.room : null;
    return typeof room === 'string' ? room : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What may stand in the one text of a stranger; anything else may be content that nobody here can judge. */
const HARMLESS = new Set([
  `body ${NS.client}`,
  `thread ${NS.client}`,
  `subject ${NS.client}`,
  `origin-id ${NS.sid}`,
  `request ${NS.receipts}`,
  `markable ${NS.chatMarkers}`,
  `nick ${NS.nick}`,
  `x ${NS.conference}`,
  `unstyled ${NS.styling}`,
]);

function isPlainText(message: XmlElement): boolean {
  const harmless = elements(message).every(
    (e) => HARMLESS.has(`${e.name} ${e.ns}`) || e.ns === NS.chatStates || e.ns === NS.hints,
  );
  if (!harmless) return false;
  const bodies = elements(message, 'body', NS.client).map((body) => textOf(body).trim());
  const invites = child(message, 'x', NS.conference) !== undefined;
  return (invites || bodies.some((text) => text !== '')) && !bodies.some(isAddress);
}

/** A body that is nothing but an address: other apps show what is behind it as a picture. */
const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text);

function hasContent(message: XmlElement): boolean {
  return (
    elements(message, 'body', NS.client).some((body) => textOf(body) !== '') ||
    child(message, 'encryption', NS.eme) !== undefined ||
    child(message, 'file-sharing', NS.fileSharing) !== undefined ||
    child(message, 'x', NS.oob) !== undefined
  );
}

/** How a held message counts for those it is for; null when it is worth nothing. */
function kindOf(message: XmlElement): HeldKind | null {
  if (child(message, 'caption', NS.caption) || isRetraction(message)) return 'extra';
  if (hasContent(message) || child(message, 'x', NS.conference)) {
    if (child(message, 'replace', NS.correction)) return 'extra';
    return isPhoto(message) ? 'photo' : 'message';
  }
  return child(message, 'store', NS.hints) ? 'extra' : null;
}

function isPhoto(message: XmlElement): boolean {
  const sharing = child(message, 'file-sharing', NS.fileSharing);
  const file = sharing && child(sharing, 'file', NS.fileMetadata);
  const mediaType = file && childText(file, 'media-type');
  if (mediaType !== undefined) return mediaType.startsWith('image/');
  const oob = child(message, 'x', NS.oob);
  const url = (oob && childText(oob, 'url')) ?? childText(message, 'body') ?? '';
  return isAddress(url.trim()) && /\.(jpe?g|png|webp|gif|avif|hei[cf])([?#]|$)/i.test(url.trim());
}
