import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Message } from '../../contract/messages.ts';
import { createEvents } from '../../main/events.ts';
import { markArchiveKnown } from '../../main/features/archive-sync.ts';
import { createChanges } from '../../main/features/changes.ts';
import { createConnection, type AccountConnection } from '../../main/features/connection.ts';
import { createEffects, type Effects } from '../../main/features/effects/index.ts';
import { createGroupMessages } from '../../main/features/group-messages/index.ts';
import { createEntered } from '../../main/features/groups/entered.ts';
import { createNotes } from '../../main/features/groups/notes.ts';
import { createOutbox, type Outbox } from '../../main/features/outbox.ts';
import { createPolls, type Polls } from '../../main/features/polls/index.ts';
import {
  conversationById,
  durably,
  ensureConversation,
  insertOutgoing,
  markRead,
  messagesPage,
  openStore,
  type OutgoingMessage,
  type Store,
} from '../../main/store/index.ts';
import { password } from './people.ts';
import { until } from './wait.ts';

export interface Writing {
  readonly folder: string;
  /** Bare. */
  readonly address: string;
  readonly domain: string;
  readonly endpoint: string;
  /** One that has been made, and lets this account in. */
  readonly room: string;
  readonly nick: string;
  /** As of a server that may still be working through a broken connection. */
  readonly mayLag: boolean;
}

/** What an app has of a group's messages, out and in, with nothing above it: entering is all of its membership. */
export class GroupWriter {
  readonly connection: AccountConnection;
  readonly effects: Effects;
  readonly polls: Polls;
  readonly conversationId: ConversationId;
  /** Kinds of changes that the room refused. */
  readonly refused: string[] = [];
  /** Messages that would have been announced. */
  readonly announced: MessageId[] = [];
  readonly lines: string[] = [];
  readonly #store: Store;
  readonly #outbox: Outbox;
  readonly #own: string;
  readonly #close: () => void;
  readonly #read: (id: ConversationId) => void;

  constructor(o: Writing) {
    this.#own = o.address;
    this.#store = openStore({
      file: join(o.folder, 'writer.sqlite'),
      backupFolder: join(o.folder, 'backups'),
    });
    const { db } = this.#store;
    const log = (line: string) => void this.lines.push(line);
    markArchiveKnown(db);
    this.conversationId = durably(db, () => {
      ensureConversation(db, { address: o.address, kind: 'self', started: true });
      const id = ensureConversation(db, { address: o.room, kind: 'direct', started: true });
      db.prepare(
        `INSERT OR IGNORE INTO room (conversation_id, address, name, nick, state, rank)
         VALUES (?, ?, 'Group', ?, 'joined', 'member')`,
      ).run(id, o.room, o.nick);
      return id;
    });
    const events = createEvents();
    const changes = createChanges({ db, events, onUnread: () => undefined });
    const connection = createConnection({
      ...{ address: o.address, password, db, events, log },
      target: { domain: o.domain, endpoint: o.endpoint },
    });
    const entered = createEntered();
    const openRooms = () => messages.open();
    const effects = createEffects({
      ...{ db, connection, changes, openRooms, log },
      onUnsent: () => undefined,
      onTold: () => undefined,
      onRefused: ({ kind }) => void this.refused.push(kind),
      doubt: entered.doubt,
    });
    const outbox = createOutbox({
      ...{ db, ownAddress: o.address, connection, changes, mayLag: o.mayLag, openRooms, log },
      offers: () => ({ markable: false, tellsChatState: false }),
      onRoom: () => messages.watch(),
    });
    const notes = createNotes();
    const polls = createPolls({
      ...{ db, ownAddress: o.address, connection, changes, notes, outbox, openRooms, log },
      refuse: () => undefined,
      doubt: entered.doubt,
    });
    const messages = createGroupMessages({
      ...{ db, ownAddress: o.address, connection, changes, effects, outbox, entered, mayLag: o.mayLag, log },
      notes,
      pump: polls.pump,
      downloads: { wanted: () => undefined },
      notifications: { received: ({ id }) => void this.announced.push(id), reacted: () => undefined },
      isBlocked: () => false,
      onArchive: () => undefined,
      onNews: (_, id) => void this.announced.push(id),
      met: () => undefined,
      tellsRead: () => true,
    });
    const enter = () => {
      connection
        .online()
        .rooms.enter(o.room, o.nick)
        .then(() => entered.note(o.room, true))
        .catch((error: unknown) => log(`not entered: ${String(error)}`));
    };
    connection.listen({
      // What features/inbound.ts does with what is told to me alone.
      onMessage: (m) => {
        if (m.type !== 'groupchat' && m.note !== undefined) notes.direct(m);
        notes.announce();
      },
      onReady: ({ resumed }) => {
        if (!resumed) entered.none();
        enter();
      },
      onLeft: () => entered.note(o.room, false),
    });
    entered.onDoubt(enter);
    this.connection = connection;
    this.effects = effects;
    this.polls = polls;
    this.#outbox = outbox;
    this.#read = messages.read;
    this.#close = () => {
      outbox.close();
      effects.close();
      messages.close();
      polls.close();
      changes.close();
    };
    connection.start();
  }

  /** As Send does it: on the disk when this returns. */
  write(text: string, more: Partial<OutgoingMessage> = {}): MessageId {
    const { db } = this.#store;
    const id = durably(db, () =>
      insertOutgoing(db, {
        conversationId: this.conversationId,
        originId: randomUUID(),
        text,
        sentAt: Date.now(),
        senderAddress: this.#own,
        ...more,
      }),
    );
    this.#outbox.pump();
    return id;
  }

  /** In the newest poll; waits until there is one. */
  async vote(choices: number[]): Promise<void> {
    const message = await until(() => this.messages().findLast(({ poll }) => poll !== null), {
      what: `a poll\n${this.lines.slice(-20).join('\n')}`,
    });
    await this.polls.handlers['polls.vote']({ id: message.id, choices });
  }

  get db() {
    return this.#store.db;
  }

  get conversation() {
    return conversationById(this.#store.db, this.conversationId);
  }

  /** Reads everything, as a window that shows it does. */
  read(): void {
    const last = this.messages().at(-1);
    if (last && markRead(this.#store.db, this.conversationId, last.id)) this.#read(this.conversationId);
  }

  /** All of it, oldest first. */
  messages(): readonly Message[] {
    const all: Message[] = [];
    for (let before: string | null = null; ;) {
      const at =
        before === null ? ({ kind: 'newest' } as const) : { kind: 'before' as const, position: before };
      const page = messagesPage(this.#store.db, { conversationId: this.conversationId, at, limit: 200 });
      all.unshift(...page.items);
      const first = page.items[0];
      if (!page.hasOlder || first === undefined) return all;
      before = first.position;
    }
  }

  /** Resolves when nothing of mine waits any more. */
  async sent(timeout = 30_000): Promise<void> {
    await until(
      () => this.messages().every(({ state, poll }) => state !== 'sending' && poll?.waiting !== true),
      {
        what: `everything to be sent\n${this.lines.slice(-20).join('\n')}`,
        timeout,
      },
    );
  }

  /** For the words of a failing test. */
  describe(): string {
    const waiting = this.messages().filter(({ state }) => state !== 'sent' && state !== 'delivered');
    const some = waiting.slice(0, 3).map(({ text, state }) => `${text}: ${state}`);
    const ready = this.connection.isReady() ? 'connected' : 'not connected';
    return [`${ready}, ${waiting.length} not sent:`, ...some, ...this.lines.slice(-30)].join('\n');
  }

  /** Asks for a new attempt, as a host does when the network comes back. */
  retry(): void {
    this.connection.session()?.retryNow();
  }

  async close(resumable = false): Promise<void> {
    await this.connection.close({ resumable });
    this.#close();
    this.#store.close();
  }
}
