// XEP-0223: Persistent Storage of Private Data via PubSub, version 1.1.1
import { JXT } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { PrivateItem } from '../reach-types.ts';
import type { IqPort } from './iq-port.ts';

/** One element for everything that is kept this way: what the text means is the node's concern. */
const NS = 'urn:postcard:private:0';

export const privateValue = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'value',
  namespace: NS,
  type: NS,
  typeField: 'itemType',
  fields: { text: JXT.text() },
};

const FORM = { name: 'FORM_TYPE', type: 'hidden' };
/** Section 4.1; `max_items`: one item a key, not only the last one published. */
export const privateList = listOf('whitelist');
/** The same, readable by everybody. */
export const openList = listOf('open');

function listOf(access: 'open' | 'whitelist') {
  return [
    { name: 'pubsub#persist_items', value: 'true' },
    { name: 'pubsub#access_model', value: access },
    { name: 'pubsub#max_items', value: 'max' },
    { name: 'pubsub#send_last_published_item', value: 'never' },
  ];
}

/** All items of a node of my own; none where there is no such node. Throws IqError where there is no PEP. */
export async function fetchPrivate(port: IqPort, node: string): Promise<PrivateItem[]> {
  return (await fetchItems(port, node)).flatMap((item) => readPrivate(item) ?? []);
}

/** As they are, of whatever element. Throws IqError where there is no PEP. */
export async function fetchItems(port: IqPort, node: string): Promise<unknown[]> {
  try {
    const answer = await port.send({
      type: 'get',
      to: port.own,
      pubsub: { fetch: { node } },
    } as unknown as IQ);
    return (answer.pubsub as { fetch?: { items?: unknown[] } } | undefined)?.fetch?.items ?? [];
  } catch (error) {
    if (error instanceof IqError && error.condition === 'item-not-found') return [];
    throw error;
  }
}

/** An item of an answer or an event; null when it is not one of these. */
export function readPrivate(item: unknown): PrivateItem | null {
  const { id, content } = (item ?? {}) as { id?: unknown; content?: { itemType?: unknown; text?: unknown } };
  if (typeof id !== 'string' || content?.itemType !== NS || typeof content.text !== 'string') return null;
  return { id, text: content.text };
}

/**
 * Publishes to a node that only I can read. A node that is there with other options (an older app's, or one that
 * was made by hand) is set right first: never is anything published to a node that others may read. Throws IqError.
 */
export async function publishPrivate(port: IqPort, node: string, { id, text }: PrivateItem): Promise<void> {
  await publishItem(port, node, { id, content: { itemType: NS, text } });
}

/** The same for any element that the library knows as an item's content, and for `openList`. */
export async function publishItem(
  port: IqPort,
  node: string,
  item: PubsubItem,
  options: Options = privateList,
): Promise<void> {
  try {
    await publish(port, node, item, options);
  } catch (error) {
    if (!(error instanceof IqError) || error.condition !== 'conflict') throw error;
    await configure(port, node, options);
    await publish(port, node, item, options);
  }
}

type Options = ReturnType<typeof listOf>;

interface PubsubItem {
  readonly id: string;
  /** What it has beside its type is the module's that defined it. */
  readonly content: { readonly itemType: string; readonly [field: string]: unknown };
}

async function publish(port: IqPort, node: string, item: PubsubItem, options: Options): Promise<void> {
  const fields = [{ ...FORM, value: 'http://jabber.org/protocol/pubsub#publish-options' }, ...options];
  const pubsub = { publish: { node, item }, publishOptions: { type: 'submit', fields } };
  await port.send({ type: 'set', pubsub } as unknown as IQ);
}

async function configure(port: IqPort, node: string, options: Options): Promise<void> {
  const fields = [{ ...FORM, value: 'http://jabber.org/protocol/pubsub#node_config' }, ...options];
  const pubsub = { context: 'owner', configure: { node, form: { type: 'submit', fields } } };
  await port.send({ type: 'set', pubsub } as unknown as IQ);
}
