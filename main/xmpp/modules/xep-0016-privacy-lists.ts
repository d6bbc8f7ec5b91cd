// XEP-0016: Privacy Lists, version 1.7
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { PrivacyRule, StanzaKind } from '../reach-types.ts';
import type { IqPort } from './iq-port.ts';

/** An item as the library reads and writes it. */
interface Item {
  readonly action?: string;
  readonly type?: string;
  readonly value?: string;
  readonly order?: number;
  readonly messages?: boolean;
  readonly iq?: boolean;
  readonly incomingPresence?: boolean;
  readonly outgoingPresence?: boolean;
}

interface Privacy {
  readonly defaultList?: string;
  readonly activeList?: string;
  readonly lists?: readonly { readonly name?: string; readonly items?: readonly Item[] }[];
}

const privacyOf = (iq: IQ): Privacy => (iq as { privacy?: Privacy }).privacy ?? {};

const kinds = [
  ['message', 'messages'],
  ['iq', 'iq'],
  ['presence-in', 'incomingPresence'],
  ['presence-out', 'outgoingPresence'],
] as const satisfies readonly (readonly [StanzaKind, keyof Item])[];

/** The name of the default list, '' where there is none. Throws IqError where the server has no privacy lists. */
export async function fetchDefaultList(port: IqPort): Promise<string> {
  return privacyOf(await port.send({ type: 'get', privacy: {} } as unknown as IQ)).defaultList ?? '';
}

/** A list's rules in their order; null when there is no such list. */
export async function fetchRules(port: IqPort, name: string): Promise<PrivacyRule[] | null> {
  try {
    const answer = await port.send({ type: 'get', privacy: { lists: [{ name }] } } as unknown as IQ);
    const found = privacyOf(answer).lists?.find((list) => list.name === name);
    return readRules(found?.items ?? []);
  } catch (error) {
    if (error instanceof IqError && error.condition === 'item-not-found') return null;
    throw error;
  }
}

/** Section 2.1. An item of another shape is no rule. */
export function readRules(items: readonly Item[]): PrivacyRule[] {
  const rules = items.flatMap((item): PrivacyRule[] => {
    const { action, type } = item;
    if (action !== 'allow' && action !== 'deny') return [];
    if (type !== undefined && type !== 'jid' && type !== 'group' && type !== 'subscription') return [];
    return [
      {
        action,
        type: type ?? null,
        value: item.value ?? '',
        order: item.order ?? 0,
        kinds: kinds.flatMap(([kind, field]) => (item[field] ? [kind] : [])),
      },
    ];
  });
  return rules.toSorted((a, b) => a.order - b.order);
}

/** The other way round. A rule of no kind covers everything. */
export function buildItems(rules: readonly PrivacyRule[]): Item[] {
  return rules.map(({ action, type, value, order, kinds: covered }) => ({
    action,
    order,
    ...(type === null ? {} : { type, value }),
    ...Object.fromEntries(kinds.filter(([kind]) => covered.includes(kind)).map(([, field]) => [field, true])),
  }));
}

/** Writes a list whole; running sessions that use it are held to it at once (section 2.6). Throws IqError. */
export async function saveRules(port: IqPort, name: string, rules: readonly PrivacyRule[]): Promise<void> {
  const lists = [{ name, items: buildItems(rules) }];
  await port.send({ type: 'set', privacy: { lists } } as unknown as IQ);
}

/** Section 2.5: for all sessions without a list of their own, and for the time that there is none. */
export async function setDefaultList(port: IqPort, name: string): Promise<void> {
  await port.send({ type: 'set', privacy: { defaultList: name } } as unknown as IQ);
}

/** The list that a push says has changed (section 2.6); null when it is no push. */
export function readPrivacyPush(iq: IQ): string | null {
  return privacyOf(iq).lists?.[0]?.name ?? null;
}
