import * as v from 'valibot';
import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Events } from '../events.ts';
import {
  conversationByAddress,
  durably,
  hasNamelessPins,
  mergePins,
  messageById,
  messagesByIds,
  notePinsToTell,
  pinnedForAll,
  pinnedMessages,
  pinStates,
  pinsToTell,
  pinsTold,
  setMessagePinned,
  settlePins,
  type PinState,
  type WritableDb,
} from '../store/index.ts';
import type { PrivateItem } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { createTurns } from './turns.ts';

/** Messages I pinned: for me alone, on all my devices (docs/mechanisms/pins.md). */
export interface Pins {
  /** More of the archive is here: what was pinned elsewhere may be among it. */
  apply(): void;
  close(): void;
  readonly handlers: Pick<Handlers, 'pins.list' | 'pins.set'>;
}

/** Private to the account (XEP-0223); an item a conversation, its id the other's bare address. */
const NODE = 'urn:postcard:pins:0';
/** Characters that another device may send of one conversation. */
const MAX_VALUE = 20_000;

const payload = v.object({
  pins: v.array(
    v.object({
      name: v.pipe(v.string(), v.regex(/^[os]:./), v.maxLength(256)),
      pinned: v.boolean(),
      changedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    }),
  ),
});

export function createPins(o: {
  db: WritableDb;
  connection: AccountConnection;
  changes: Changes;
  events: Events;
  log(line: string): void;
}): Pins {
  const { db, connection } = o;
  let closed = false;
  let fetched = false;
  /** Of conversations that are not here yet: the archive may bring them. By address, what was told last. */
  const early = new Map<string, PrivateItem>();

  const changed = (conversationId: ConversationId, ids: Parameters<Changes['message']>[1][]) => {
    for (const id of ids) o.changes.message(conversationId, id);
    if (ids.length > 0) o.events.emit('pins.changed', { conversationId });
  };

  const take = (item: PrivateItem) => {
    const told = readPins(item.text);
    if (told === null) return;
    const conversationId = conversationByAddress(db, item.id)?.id;
    if (conversationId === undefined) return void early.set(item.id, item);
    early.delete(item.id);
    const merged = mergePins(db, conversationId, told);
    changed(conversationId, merged.changed);
    if (merged.behind) notePinsToTell(db, conversationId);
  };

  const tell = async () => {
    if (!connection.isReady()) return;
    for (const { conversationId, address } of pinsToTell(db)) {
      // Taken off first: what changes while this is under way is told again.
      pinsTold(db, conversationId);
      try {
        const text = JSON.stringify({ pins: pinStates(db, conversationId) });
        await connection.online().privateStorage.publish(NODE, { id: address, text });
      } catch (error) {
        if (!closed) notePinsToTell(db, conversationId);
        throw error;
      }
      if (closed) return;
      // One that the archive has not named yet is told at the next connection.
      if (hasNamelessPins(db, conversationId)) notePinsToTell(db, conversationId);
    }
  };
  // Where the server keeps no such data, pins are of this device.
  const turns = createTurns(tell, (error) => o.log(`pins could not be told: ${String(error)}`));
  const push = () => turns.ask();

  const fetch = async () => {
    const items = await connection.online().privateStorage.items(NODE);
    if (closed) return;
    fetched = true;
    items.forEach(take);
  };

  connection.listen({
    onReady: ({ resumed }) => {
      if (resumed && fetched) return push();
      fetch().then(push, (error: unknown) => o.log(`pins of other devices are not known: ${String(error)}`));
    },
    onPrivateItem: ({ node, ...item }) => {
      if (node !== NODE) return;
      take(item);
      push();
    },
  });

  const apply = () => {
    for (const item of [...early.values()]) take(item);
    for (const { conversationId, id } of settlePins(db)) changed(conversationId, [id]);
  };

  return {
    apply,
    close: () => {
      closed = true;
      turns.close();
    },
    handlers: {
      'pins.list': ({ conversationId }) => {
        apply();
        const own = pinnedMessages(db, conversationId).map(({ id }) => id);
        const all = messagesByIds(db, [...new Set([...own, ...pinnedForAll(db, conversationId)])]);
        return { items: all.map(o.changes.live) };
      },
      'pins.set': ({ id, pinned }) => {
        // It was unsent while its menu was open.
        if (pinned && messageById(db, id)?.unsent) throw new PostcardError('not-found');
        const done = durably(db, () => setMessagePinned(db, id, { pinned, now: Date.now() }));
        if (done === null) throw new PostcardError('not-found');
        if (done === false) return;
        changed(done.conversationId, [id, ...done.dropped]);
        push();
      },
    },
  };
}

/** What another device published, or a person by hand: nothing of it is trusted. */
function readPins(text: string): readonly PinState[] | null {
  if (text.length > MAX_VALUE) return null;
  try {
    const parsed = v.safeParse(payload, JSON.parse(text));
    return parsed.success ? parsed.output.pins : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
