import { defineStore } from 'pinia';
import { computed, nextTick, ref, shallowRef } from 'vue';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Params, ParsedParams } from '../../../contract/index.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import type { Problem } from '../../texts/index.ts';
import { focusHomeWhenLost } from '../../ui/focus.ts';
import { useToasts } from '../../ui/toasts.ts';
import { waitsForModerator } from './message-words.ts';
import { pendingMessage, settle } from './pending.ts';
import { usePrepared } from './prepared.ts';
import { rowsOf } from './rows.ts';
import {
  comparePositions,
  emptyWindow,
  openingSize,
  pageSize,
  withChanges,
  without,
  withNewer,
  windowSize,
  withOlder,
  type Window,
} from './window.ts';

type Place = ParsedParams<'messages.page'>['at'];

/** Where the reader was in a conversation when leaving it: a message and its distance from the top, px. */
export interface ReadingPlace {
  readonly id: MessageId;
  readonly offset: number;
}

/** Where a conversation opens; `place`: where in the list that is, if not where it lands by itself. */
interface Start {
  readonly at: Place;
  readonly place?: ReadingPlace;
}

/** A message in the middle of the conversation lands a third down the list: there is more to fill below it. */
const screenful = (at: Place): number =>
  Math.ceil(openingSize(globalThis.innerHeight) * (at.kind === 'newest' ? 1 : 1.5));

/** The messages of the conversation in view. */
export const useTimeline = defineStore('timeline', () => {
  const conversationId = ref<ConversationId | null>(null);
  const window = shallowRef<Window>(emptyWindow);
  const pending = shallowRef<readonly Message[]>([]);
  const firstUnread = ref<MessageId | null>(null);
  const loading = ref(false);
  const problem = ref<Problem | null>(null);
  /** Messages that came while the reader was further up or elsewhere. */
  const unseen = ref(0);
  /** Told by the view: the newest message is in sight of somebody. */
  const watched = ref(false);
  /** Changes whenever other messages are shown; the view then goes to `landing`. */
  const opened = ref(0);
  const landing = shallowRef<Place | ReadingPlace>({ kind: 'newest' });
  const prepared = usePrepared();
  const places = new Map<ConversationId, ReadingPlace>();
  const keys = new Map<number, number>();
  let pendingNumber = 0;
  let readingPlace: () => ReadingPlace | null = () => null;

  const keyOf = ({ id }: Message) => keys.get(id) ?? id;
  const items = computed(() =>
    window.value.hasNewer ? window.value.items : [...window.value.items, ...pending.value],
  );
  const rows = computed(() => rowsOf(items.value, firstUnread.value, keyOf));

  async function page(id: ConversationId, at: Place, limit: number) {
    const outcome = await prepared.read({ conversationId: id, at, limit });
    if (id !== conversationId.value) return null;
    problem.value = outcome.ok ? null : outcome;
    return outcome.ok ? outcome.value : null;
  }

  /** Begins to read where `open` would, because the pointer has gone down on the conversation. */
  function prepare(id: ConversationId, unread: MessageId | null) {
    if (id === conversationId.value) return;
    const { at } = startOf(id, unread, null);
    prepared.begin({ conversationId: id, at, limit: screenful(at) });
  }

  /** The same while nobody has decided for it yet. Resolves once it is there. */
  async function readAhead(id: ConversationId, unread: MessageId | null) {
    if (id === conversationId.value) return;
    const { at } = startOf(id, unread, null);
    await prepared.readAhead({ conversationId: id, at, limit: screenful(at) });
  }

  /** Shows a piece of the conversation, in place of what is shown. */
  async function show(id: ConversationId, at: Place, place: ReadingPlace | Place = at) {
    loading.value = true;
    const found = await page(id, at, screenful(at));
    if (id !== conversationId.value) return;
    loading.value = false;
    if (!found) return;
    window.value = found;
    if (!found.hasNewer) unseen.value = 0;
    landing.value = place;
    opened.value += 1;
  }

  /** Opens a conversation: at `message`, at what is new, where the reader left it, or at its end. */
  async function open(id: ConversationId, unread: MessageId | null, message: MessageId | null) {
    if (id !== conversationId.value) {
      conversationId.value = id;
      window.value = emptyWindow;
      pending.value = [];
      unseen.value = 0;
      firstUnread.value = unread;
    }
    const { at, place } = startOf(id, unread, message);
    await show(id, at, place);
  }

  function startOf(id: ConversationId, unread: MessageId | null, message: MessageId | null): Start {
    const left = places.get(id);
    if (message !== null) return { at: { kind: 'message', id: message } };
    if (unread !== null) return { at: { kind: 'unread' } };
    return left ? { at: { kind: 'message', id: left.id }, place: left } : { at: { kind: 'newest' } };
  }

  /** Told by the view: how to learn where the reader is, null for at the end. */
  function readBy(place: () => ReadingPlace | null) {
    readingPlace = place;
  }

  /** Leaves the conversation; null as the place when its end was in view. */
  function leave(place: ReadingPlace | null) {
    const id = conversationId.value;
    if (id === null) return;
    if (place) places.set(id, place);
    else places.delete(id);
    conversationId.value = null;
    window.value = emptyWindow;
    pending.value = [];
    readingPlace = () => null;
  }

  async function older() {
    const id = conversationId.value;
    const first = window.value.items[0];
    if (id === null || !first || !window.value.hasOlder || loading.value) return;
    loading.value = true;
    const found = await page(id, { kind: 'before', position: first.position }, pageSize);
    loading.value = false;
    if (found) window.value = withOlder(window.value, found);
  }

  async function newer() {
    const id = conversationId.value;
    const last = window.value.items.at(-1);
    if (id === null || !last || !window.value.hasNewer || loading.value) return;
    loading.value = true;
    const found = await page(id, { kind: 'after', position: last.position }, pageSize);
    loading.value = false;
    if (found) window.value = withNewer(window.value, found);
  }

  async function toNewest() {
    const id = conversationId.value;
    if (id === null) return;
    if (window.value.hasNewer) await show(id, { kind: 'newest' });
    else {
      landing.value = { kind: 'newest' };
      opened.value += 1;
    }
    unseen.value = 0;
  }

  function take(changed: readonly Message[]) {
    const known = new Set(window.value.items.map(({ id }) => id));
    const settled = settle(pending.value, changed, known);
    for (const [id, key] of settled.replaced) keys.set(id, key);
    pending.value = settled.pending;
    const last = window.value.items.at(-1)?.position ?? '0';
    const arrived = changed.filter(
      (one) => !one.outgoing && !known.has(one.id) && comparePositions(one.position, last) > 0,
    );
    window.value = withChanges(window.value, changed, watched.value);
    noticed(arrived);
  }

  /** What came while nobody looked begins the divider, and counts on the button to the newest. */
  function noticed(arrived: readonly Message[]) {
    const [first] = arrived;
    if (!first || watched.value) return;
    if (unseen.value === 0 && firstUnread.value === null) firstUnread.value = first.id;
    unseen.value += arrived.length;
  }

  /** Shows the message at once; takes it back when the core can't store it. Returns whether it was stored; `nudge`: not yet. */
  async function send(
    text: string,
    anyway = false,
    answered: Message | null = null,
    mentions: Params<'messages.send'>['mentions'] = [],
  ): Promise<boolean | 'nudge'> {
    const id = conversationId.value;
    if (id === null) return false;
    pendingNumber += 1;
    const mine = pendingMessage(id, text, pendingNumber, answered);
    pending.value = [...pending.value, mine];
    firstUnread.value = null;
    void toNewest();
    const outcome = await ask('messages.send', {
      conversationId: id,
      text,
      anyway,
      replyTo: answered?.id ?? null,
      mentions,
    });
    const here = id === conversationId.value;
    if (outcome.ok && here) {
      const shown = window.value.items.some((message) => message.id === outcome.value.id);
      if (!shown && pending.value.includes(mine)) keys.set(outcome.value.id, mine.id);
      pending.value = pending.value.filter((message) => message !== mine);
      if (!shown) window.value = withChanges(window.value, [outcome.value], true);
    }
    if (!outcome.ok) {
      pending.value = pending.value.filter((message) => message !== mine);
      if (outcome.code === 'nudge') return 'nudge';
      useToasts().problem(outcome);
    }
    return outcome.ok;
  }

  async function act(name: 'messages.retry' | 'messages.discard', id: MessageId) {
    const outcome = await ask(name, { id });
    if (!outcome.ok) useToasts().problem(outcome);
    else if (name === 'messages.discard') {
      window.value = without(window.value, new Set([id]));
      await nextTick();
      focusHomeWhenLost();
    }
  }
  const retry = (id: MessageId) => act('messages.retry', id);
  /** One that waits for a moderator goes when the room says so. */
  async function discard(id: MessageId) {
    const message = window.value.items.find((one) => one.id === id);
    if (!message || !waitsForModerator(message)) return act('messages.discard', id);
    const outcome = await ask('groups.withdraw', { messageId: id });
    if (!outcome.ok) useToasts().problem(outcome);
  }

  async function download(id: Params<'attachments.download'>['id']) {
    const outcome = await ask('attachments.download', { id });
    if (!outcome.ok) useToasts().problem(outcome);
  }

  function progressed(id: MessageId, progress: number) {
    const list = window.value.items.map((message) =>
      message.id === id ? { ...message, progress } : message,
    );
    window.value = { ...window.value, items: list };
  }

  function start() {
    prepared.start();
    bridge.on('messages.changed', (event) => {
      if (event.conversationId === conversationId.value) take(event.items);
    });
    bridge.on('messages.removed', (event) => {
      if (event.conversationId === conversationId.value)
        window.value = without(window.value, new Set(event.ids));
    });
    bridge.on('messages.progress', (event) => {
      if (event.conversationId === conversationId.value) progressed(event.id, event.progress);
    });
    bridge.on('conversations.reset', () => void refresh());
  }

  /** Reads the shown piece anew, after many changes at once; the reader stays where they are. */
  async function refresh() {
    const id = conversationId.value;
    if (id === null) return;
    const last = window.value.items.at(-1);
    const reader = readingPlace()?.id ?? last?.id;
    const newest = watched.value || reader === undefined;
    const found = await page(id, newest ? { kind: 'newest' } : { kind: 'message', id: reader }, windowSize);
    if (!found) return;
    window.value = found;
    if (!last) return;
    const after = found.items.filter(({ position }) => comparePositions(position, last.position) > 0);
    pending.value = settle(pending.value, after, new Set()).pending;
    noticed(after.filter(({ outgoing }) => !outgoing));
  }

  return {
    conversationId,
    window,
    items,
    rows,
    firstUnread,
    loading,
    problem,
    unseen,
    watched,
    opened,
    landing,
    start,
    prepare,
    readAhead,
    open,
    refresh,
    readBy,
    leave,
    older,
    newer,
    toNewest,
    send,
    retry,
    discard,
    download,
  };
});
