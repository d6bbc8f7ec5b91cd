/** What the owner of a group decided for everybody in it (urn:postcard:groups:0, docs/mechanisms/groups.md "Policy"). */
import * as v from 'valibot';
import { defaultPolicy, groupPolicy, type GroupPolicy } from '../../../contract/groups.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { child, childText, elements, textOf } from '../xml.ts';
import type { XmlElement } from '../xml.ts';

/** Characters of a note. */
const MAX_NOTE = 20_000;
/** ms that clocks and the way here may take off the time between two messages. */
const SLACK = 1_000;
const LINK = /\b(?:https?:\/\/|www\.)\S/iu;

/** Formatted text (XEP-0071): other apps show it instead of the body. */
const XHTML = 'http://jabber.org/protocol/xhtml-im';

const NOTES: readonly string[] = [NS.groups, NS.polls, NS.questions];
/** Payloads that nobody sees as a message. */
const SILENT: readonly string[] = [
  NS.hints,
  NS.sid,
  NS.reactions,
  NS.retraction,
  NS.chatMarkers,
  NS.chatStates,
  NS.receipts,
  NS.groups,
  NS.polls,
  NS.questions,
];
const ASKING = ['poll', 'box', 'ask'];

/** The payload of our own in a message, where there is one. */
export function noteIn(message: XmlElement): { family: string; kind: string; json: string } | null {
  const found = elements(message).filter(({ ns }) => NOTES.includes(ns));
  if (found.length > 1) throw new StanzaError('bad-request', 'One note a message');
  const [note] = found;
  if (!note) return null;
  const json = textOf(note);
  if (json.length > MAX_NOTE) throw new StanzaError('policy-violation', 'Too long');
  return { family: note.ns, kind: note.name, json };
}

/** @throws StanzaError bad-request for what is no policy */
export function readPolicy(json: string): GroupPolicy {
  try {
    return v.parse(groupPolicy, JSON.parse(json));
  } catch (error) {
    if (error instanceof SyntaxError || v.isValiError(error)) throw new StanzaError('bad-request');
    throw error;
  }
}

/** The policy as it was stored; the default one where there is none, or none that can be read. */
export function storedPolicy(json: string | null | undefined): GroupPolicy {
  if (!json) return defaultPolicy;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), groupPolicy), json);
  return parsed.success ? parsed.output : defaultPolicy;
}

/** Of a message, what a policy is about. */
export interface Post {
  /** All that can be read of it. */
  readonly text: string;
  readonly media: boolean;
  /** The message it corrects; null: none. */
  readonly edits: string | null;
  /** The message whose caption it repeats for other apps. */
  readonly captionOf: string | null;
}

/** Null for what nobody sees as a message: reactions, votes, markers, what one takes back. */
export function postIn(message: XmlElement): Post | null {
  if (child(message, 'retract', NS.retraction)) return null;
  const parts = elements(message);
  const seen = parts.filter(
    ({ ns, name }) => !SILENT.includes(ns) || (NOTES.includes(ns) && ASKING.includes(name)),
  );
  if (seen.every(({ ns, name }) => ns === NS.client && (name === 'thread' || name === 'subject')))
    return null;
  const shared = parts.filter(({ ns }) => ns === NS.fileSharing || ns === NS.oob);
  const urls = parts.filter(({ ns }) => ns === NS.oob).map((x) => (childText(x, 'url') ?? '').trim());
  // One for each language; where it only repeats a file's address, a body is no text.
  const bodies = elements(message, 'body').map(textOf);
  const texts = [...bodies.filter((body) => !urls.includes(body.trim())), ...seen.flatMap(textsIn)];
  const correction = child(message, 'replace', NS.correction);
  return {
    text: texts.join('\n'),
    media: shared.length > 0,
    edits: correction === undefined ? null : (correction.attrs.id ?? ''),
    captionOf: child(message, 'caption', NS.caption)?.attrs.for ?? null,
  };
}

/** Texts of what stands beside the body: descriptions of files, captions of albums, questions, formatted text. */
function textsIn(part: XmlElement): string[] {
  if (part.ns === NS.client && part.name === 'body') return [];
  if (NOTES.includes(part.ns)) return textsInJson(textOf(part));
  if (part.ns === XHTML || part.ns === NS.client) return [allTextIn(part)];
  const own = part.name === 'desc' || part.name === 'caption' ? [textOf(part)] : [];
  return [...own, ...elements(part).flatMap(textsIn)];
}

/** Also of what is formatted in the middle of a word. */
const allTextIn = (part: XmlElement): string =>
  part.children.map((one) => (typeof one === 'string' ? one : allTextIn(one))).join('');

/** All texts of a note, as apps read them: JSON can write each letter in another way. */
function textsInJson(json: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(json, (_, value: unknown) => void (typeof value === 'string' && texts.push(value)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [json];
  }
  return texts;
}

/** What is known of a member who writes. */
export interface Writer {
  /** They have written here before. */
  readonly wrote: boolean;
  /** When they last wrote something that this does not belong to, ms; null: not lately. */
  readonly lastAt: number | null;
}

/** Whether a member's message is published, or why it waits. @throws StanzaError where it is refused */
export function judge(
  policy: GroupPolicy,
  post: Post,
  writer: Writer,
  now: number,
): 'publish' | 'first' | 'words' {
  if (policy.announcementsOnly) throw new StanzaError('not-allowed', 'Only moderators write here');
  if (post.media && !policy.membersMay.media) throw new StanzaError('not-allowed', 'No photos or files here');
  if (LINK.test(post.text) && !policy.membersMay.links) throw new StanzaError('not-allowed', 'No links here');
  if (isEarly(policy, writer.lastAt, now)) throw new StanzaError('resource-constraint', 'Slow mode');
  const why =
    policy.approveFirst && !writer.wrote ? 'first' : hasWord(post.text, policy.heldWords) ? 'words' : null;
  if (why === null) return 'publish';
  // There is nothing to show a moderator: what it changes is there already.
  if (post.edits !== null) throw new StanzaError('not-allowed', 'This has to be looked at first');
  return why;
}

/** A time that is yet to come is of a clock that was put back: it holds nobody up. */
const isEarly = ({ slowMode }: GroupPolicy, lastAt: number | null, now: number): boolean =>
  lastAt !== null && lastAt <= now && now - lastAt < slowMode * 1000 - SLACK;

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();
const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whole words, any case; invisible characters hide none. */
export function hasWord(text: string, words: readonly string[]): boolean {
  const alternatives = words.map((word) => escaped(folded(word).trim())).filter((word) => word !== '');
  if (alternatives.length === 0) return false;
  const edge = '[\\p{L}\\p{N}_]';
  return new RegExp(`(?<!${edge})(?:${alternatives.join('|')})(?!${edge})`, 'u').test(folded(text));
}
