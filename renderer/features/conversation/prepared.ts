import type { ConversationId } from '../../../contract/ids.ts';
import type { ParsedParams, Result } from '../../../contract/index.ts';
import { ask, askAside } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';

type Answer = ReturnType<typeof ask<'messages.page'>>;

interface Prepared {
  readonly id: ConversationId;
  readonly answer: Answer;
  /** Read while nobody meant to see it: nothing was fetched for it. */
  readonly ahead: boolean;
}

/** Pages at most: what is in view of the list, some times over. */
const most = 64;

/** Whether it is all there to be seen. */
const complete = ({ items }: Result<'messages.page'>): boolean =>
  items.every(({ attachments }) => attachments.every(({ state }) => state === 'ready'));

/**
 * Pages that are read before they are wanted. As fresh as one that is shown: what is told of a shown one makes the core
 * be asked anew. Each is used once.
 */
export function usePrepared() {
  const pages = new Map<string, Prepared>();

  function add(key: string, page: Prepared) {
    pages.set(key, page);
    const [oldest] = pages.keys();
    if (pages.size > most && oldest !== undefined) pages.delete(oldest);
  }

  /** Reads a page that is about to be shown. */
  function begin(params: ParsedParams<'messages.page'>) {
    const key = JSON.stringify(params);
    if (pages.has(key)) return;
    add(key, { id: params.conversationId, answer: ask('messages.page', params), ahead: false });
  }

  /** Reads a page that may be shown, when nothing else is to be done. Resolves once it is there. */
  async function readAhead(params: ParsedParams<'messages.page'>) {
    const key = JSON.stringify(params);
    if (pages.has(key)) return;
    const answer = askAside('messages.page', { ...params, ahead: true });
    add(key, { id: params.conversationId, answer, ahead: true });
    await answer;
  }

  /** The page that was prepared, when it is this one and it is good; else it is asked for now. */
  async function read(params: ParsedParams<'messages.page'>): Answer {
    const key = JSON.stringify(params);
    const found = pages.get(key);
    pages.delete(key);
    const outcome = await found?.answer;
    const good = outcome?.ok === true && (!found?.ahead || complete(outcome.value));
    return good ? outcome : ask('messages.page', params);
  }

  /** Null: of whatever conversation. */
  function forget(id: ConversationId | null) {
    for (const [key, page] of pages) if (id === null || page.id === id) pages.delete(key);
  }

  function start() {
    for (const name of ['messages.changed', 'messages.removed', 'messages.progress', 'pins.changed'] as const)
      bridge.on(name, ({ conversationId }) => forget(conversationId));
    for (const name of ['groups.changed', 'groups.membersChanged'] as const)
      bridge.on(name, ({ id }) => forget(id));
    // Other people's names, another account, whom one has blocked.
    const general = ['conversations.reset', 'people.changed', 'app.changed', 'reach.blockedChanged'] as const;
    for (const name of general) bridge.on(name, () => forget(null));
  }

  return { start, begin, readAhead, read };
}
