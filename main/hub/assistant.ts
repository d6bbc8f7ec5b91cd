import { randomUUID } from 'node:crypto';
import { measureUpload, pictureUrl } from './assistant-picture.ts';
import { ASSISTANT_USER, bareOfUser, parseJid } from './jid.ts';
import { NS } from './namespaces.ts';
import { handleStanza } from './routing.ts';
import { Session } from './session.ts';
import { createAccount, setSetting } from './store/accounts.ts';
import { markKnown } from './store/held.ts';
import { saveNames, saveVcard } from './store/profiles.ts';
import { newItem, saveItem } from './store/roster.ts';
import { child, childText, el, elements, serialize, textEl } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Link } from './session.ts';
import type { MeasuredFile } from './assistant-picture.ts';
import type { XmlElement, XmlNode } from './xml.ts';

const NAME = 'Postcard helper';
const GREETING =
  'Hi, and welcome to Postcard! I live on this computer and I answer right away. ' +
  'Send me a text or a photo (the “+” beside the text box) and see how it looks when it arrives.';
const TIPS = [
  'Press “+” (Attach) → Photo to send pictures; each one can have its own caption.',
  'Before a photo goes out you see its pixels and bytes in Standard, High and Original quality.',
  'Notes to self is a chat with yourself: good for keeping links, ideas and photos.',
  'Enter sends a message, Shift+Enter starts a new line.',
  'To find somebody, press New chat and type a part of their name.',
];
/** Answers to one person per minute; beyond that the assistant is silent, whatever the other side is. */
const ANSWERS_PER_MINUTE = 20;

/** Starts the account that greets new people and answers them: a session inside the hub, without a socket. */
export function startAssistant(core: HubCore): void {
  core.turn.run(() => prepareAccount(core));
  core.turn.settle();
  const assistant = new Assistant(core);
  core.addSession(assistant.session);
  core.onRegistered = (user) => assistant.greet(user);
}

function prepareAccount(core: HubCore): void {
  if (!createAccount(core.db, ASSISTANT_USER, null)) return;
  const card = el('vCard', NS.vcardTemp, {}, [
    textEl('FN', NS.vcardTemp, NAME),
    textEl('NICKNAME', NS.vcardTemp, NAME),
  ]);
  saveVcard(core.db, ASSISTANT_USER, serialize(card));
  saveNames(core.db, ASSISTANT_USER, 'vcard-temp', { fn: NAME, nick: NAME });
  // What people write to it is in their own archive; it needs none.
  const prefs = { default: 'never', always: [], never: [] };
  setSetting(core.db, ASSISTANT_USER, 'mam:prefs', JSON.stringify(prefs));
}

class Assistant implements Link {
  readonly session: Session;
  readonly #core: HubCore;
  readonly #answered = new Map<string, { since: number; count: number }>();
  #tip = 0;

  constructor(core: HubCore) {
    this.#core = core;
    this.session = new Session(core, ASSISTANT_USER, 'helper', this);
    this.session.presence = el('presence', NS.client, { from: this.session.jid });
  }

  write(_xml: string, stanza: XmlElement | null): void {
    if (stanza?.name !== 'message') return;
    // Not within the sender's own stanza: an answer that fails must not undo what it answers.
    setImmediate(() => this.#hear(stanza));
  }

  end(): void {
    // The hub stops: there is no socket to close.
  }

  /** It is in the roster, which says for all devices and apps that it may write. */
  greet(user: string): void {
    saveItem(this.#core.db, user, { ...newItem(this.session.bare), name: NAME, visible: true });
    markKnown(this.#core.db, user, this.session.bare);
    this.#say(bareOfUser(user), GREETING);
  }

  /** Answers a message that has content; never errors, copies, receipts, other programs' notices or itself. */
  #hear(message: XmlElement): void {
    const from = parseJid(message.attrs.from);
    if (this.session.ended || !from?.user || from.user === ASSISTANT_USER) return;
    const type = message.attrs.type ?? 'normal';
    if ((type !== 'chat' && type !== 'normal') || child(message, 'delay', NS.delay)) return;
    if (child(message, 'request', NS.receipts) && message.attrs.id) this.#confirm(message);
    // A caption that is repeated for apps that don't read it in the photo (see captions-to-other-apps.md).
    if (child(message, 'caption', 'urn:postcard:caption:0')) return;
    const text = saidIn(message);
    const url = sharedUrl(message);
    if ((text === '' && url === null) || !this.#mayAnswer(from.user)) return;
    this.#answer(message.attrs.from ?? '', text, url);
  }

  #answer(to: string, text: string, url: string | null): void {
    const file = url === null ? null : measureUpload(this.#core, url);
    if (url === null) {
      this.#say(to, this.#reply(text));
      return;
    }
    this.#say(to, file ? describe(file) : 'Thank you! I can only look at files that are on this computer.');
    const picture = file?.size ? pictureUrl(this.#core) : null;
    if (picture) this.#say(to, picture, photo(picture));
  }

  #reply(text: string): string {
    const tip = TIPS[this.#tip++ % TIPS.length] ?? '';
    const shown = [...text].slice(0, 60).join('');
    return `I got “${shown}${shown.length < text.length ? '…' : ''}”. A tip: ${tip}`;
  }

  /** XEP-0184 §5: says that it arrived, so that the sender's message shows as delivered. */
  #confirm(message: XmlElement): void {
    const { from, id, type } = message.attrs;
    this.#send(from ?? '', [el('received', NS.receipts, { id }), el('store', NS.hints)], type ?? 'chat');
  }

  #mayAnswer(user: string): boolean {
    const now = Date.now();
    const seen = this.#answered.get(user);
    const current = seen && now - seen.since < 60_000 ? seen : { since: now, count: 0 };
    if (this.#answered.size > 10_000) this.#answered.clear();
    this.#answered.set(user, { ...current, count: current.count + 1 });
    return current.count < ANSWERS_PER_MINUTE;
  }

  #say(to: string, body: string, extra: XmlNode[] = []): void {
    this.#send(to, [textEl('body', NS.client, body), ...extra], 'chat');
  }

  #send(to: string, children: XmlNode[], type: string): void {
    const id = randomUUID();
    const origin = el('origin-id', NS.sid, { id });
    void handleStanza(
      this.#core,
      this.session,
      el('message', NS.client, { to, type, id }, [...children, origin]),
    );
  }
}

/**
 * What its sender says: without the quotation that stands there for apps that know no replies (XEP-0428, counted in code
 * points), and nothing where it changes an earlier message.
 */
function saidIn(message: XmlElement): string {
  if (child(message, 'replace', NS.correction) || child(message, 'retract', NS.retraction)) return '';
  const spans = elements(message, 'fallback', NS.fallback).flatMap((fallback) => elements(fallback, 'body'));
  const isStandIn = (at: number): boolean =>
    spans.some(({ attrs: { start, end } }) => start !== undefined && at >= Number(start) && at < Number(end));
  const points = [...(childText(message, 'body') ?? '')];
  return points
    .filter((_, at) => !isStandIn(at))
    .join('')
    .trim();
}

/** The address of a shared file (XEP-0447, else XEP-0066). */
function sharedUrl(message: XmlElement): string | null {
  const sources = child(message, 'file-sharing', NS.fileSharing);
  const data = sources && child(sources, 'sources');
  const target = data && child(data, 'url-data', NS.urlData)?.attrs.target;
  const oob = child(message, 'x', NS.oob);
  return target ?? (oob && childText(oob, 'url')) ?? null;
}

function describe({ bytes, size }: MeasuredFile): string {
  const amount =
    bytes < 1000
      ? `${bytes} bytes`
      : `${(bytes / (bytes < 1e6 ? 1e3 : 1e6)).toFixed(1)} ${bytes < 1e6 ? 'kB' : 'MB'}`;
  if (!size) return `Your file arrived: ${amount} (${bytes} bytes).`;
  const { format, width, height } = size;
  return `Your photo arrived: ${width} × ${height} pixels, ${amount} (${bytes} bytes, ${format}). Here is one for you:`;
}

function photo(url: string): XmlNode[] {
  const file = el('file', NS.fileMetadata, {}, [
    textEl('media-type', NS.fileMetadata, 'image/png'),
    textEl('name', NS.fileMetadata, 'postcard.png'),
    textEl('width', NS.fileMetadata, '960'),
    textEl('height', NS.fileMetadata, '640'),
    textEl('desc', NS.fileMetadata, 'A postcard for you'),
  ]);
  const sources = el('sources', NS.fileSharing, {}, [el('url-data', NS.urlData, { target: url })]);
  return [
    el('x', NS.oob, {}, [textEl('url', NS.oob, url)]),
    el('file-sharing', NS.fileSharing, { disposition: 'inline' }, [file, sources]),
  ];
}
