/** XEP-0060 Publish-Subscribe, version 1.26: what an owner may do with a node, and its configuration. */
import { buildForm, readForm } from '../forms.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { deleteNode, findNode, purgeNode, saveNode } from '../store/pep.ts';
import { child, el, elements } from '../xml.ts';
import { announce } from './xep-0163-pep-events.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { AccessModel, PepNode } from '../store/pep.ts';
import type { XmlElement } from '../xml.ts';

const CONFIG = `${NS.pubsub}#node_config`;
const ACCESS: readonly AccessModel[] = ['open', 'presence', 'roster', 'authorize', 'whitelist'];
type Options = ReadonlyMap<string, string[]> | null;

/** A node as PEP makes it by itself (XEP-0163 §3: presence access, the last item only). */
export function newNode(node: string): PepNode {
  return { node, access: 'presence', maxItems: 1, persist: true, sendLast: 'on_sub_and_presence' };
}

/** A node with the options that were given. @throws StanzaError for a value that makes no sense */
export function applyOptions(node: PepNode, options: Options): PepNode {
  const value = (name: string): string | undefined => options?.get(`pubsub#${name}`)?.[0];
  const changed = { ...node };
  const [access, max, persist, last] = [
    'access_model',
    'max_items',
    'persist_items',
    'send_last_published_item',
  ].map(value);
  if (access !== undefined) changed.access = readAccess(access);
  if (max !== undefined) changed.maxItems = readMax(max);
  if (persist !== undefined) changed.persist = isTrue(persist);
  if (last !== undefined) changed.sendLast = last;
  return changed;
}

/** Whether a node already is as publish-options demand (§7.1.5); unknown ones are not demanded. */
export function meetsOptions(node: PepNode, options: Options): boolean {
  const wanted = applyOptions(node, options);
  return (
    wanted.access === node.access && wanted.persist === node.persist && wanted.maxItems === node.maxItems
  );
}

const isTrue = (text: string): boolean => text === '1' || text === 'true';

function readAccess(text: string): AccessModel {
  const access = ACCESS.find((model) => model === text);
  if (!access) throw new StanzaError('not-acceptable');
  return access;
}

function readMax(text: string): number {
  if (text === 'max') return LIMITS.pepItems;
  const max = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (max < 1) throw new StanzaError('not-acceptable');
  return Math.min(max, LIMITS.pepItems);
}

/** Finds the node an owner's request names. @throws StanzaError item-not-found */
function ownNode({ core, session }: IqRequest, action: XmlElement): PepNode {
  const node = findNode(core.db, session.user, action.attrs.node ?? '');
  if (!node) throw new StanzaError('item-not-found');
  return node;
}

function get(request: IqRequest): XmlElement {
  const action = child(request.payload, 'configure');
  if (!action) throw new StanzaError('feature-not-implemented');
  const node = ownNode(request, action);
  const form = buildForm(CONFIG, 'form', [
    { name: 'pubsub#access_model', type: 'list-single', values: [node.access], options: [...ACCESS] },
    { name: 'pubsub#max_items', type: 'text-single', values: [String(node.maxItems)] },
    { name: 'pubsub#persist_items', type: 'boolean', values: [node.persist ? '1' : '0'] },
    { name: 'pubsub#send_last_published_item', type: 'list-single', values: [node.sendLast] },
  ]);
  return el('pubsub', NS.pubsubOwner, {}, [el('configure', NS.pubsubOwner, { node: node.node }, [form])]);
}

function set(request: IqRequest): null {
  const { core, session, payload } = request;
  const [action] = elements(payload);
  if (!action || action.ns !== NS.pubsubOwner) throw new StanzaError('bad-request');
  const node = ownNode(request, action);
  if (action.name === 'configure') saveNode(core.db, session.user, applyOptions(node, readForm(action)));
  else if (action.name === 'delete') deleteNode(core.db, session.user, node.node);
  else if (action.name === 'purge') purgeNode(core.db, session.user, node.node);
  else throw new StanzaError('feature-not-implemented');
  if (action.name !== 'configure') {
    announce(core, session.user, node, [el(action.name, NS.pubsubEvent, { node: node.node })]);
  }
  return null;
}

export const nodeConfig: HubModule = {
  name: 'xep-0060-node-config',
  iq: [
    { at: 'account', type: 'get', ns: NS.pubsubOwner, name: 'pubsub', handle: get },
    { at: 'account', type: 'set', ns: NS.pubsubOwner, name: 'pubsub', handle: set },
  ],
};
