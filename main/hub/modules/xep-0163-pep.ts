/**
 * XEP-0163 Personal Eventing Protocol, version 1.2.2: publishing and reading (XEP-0060 1.26). With it work
 * XEP-0084 avatars, XEP-0292 vCard4, XEP-0172 nicknames, XEP-0223 private data and XEP-0402 bookmarks.
 */
import { randomUUID } from 'node:crypto';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import {
  deletePepItem,
  findNode,
  findPepItem,
  listNodes,
  listPepItems,
  putItem,
  saveNode,
} from '../store/pep.ts';
import { saveNames } from '../store/profiles.ts';
import { child, childText, el, elements, parseXml, serialize, textOf } from '../xml.ts';
import { announce, asEvent, mayRead } from './xep-0163-pep-events.ts';
import { applyOptions, meetsOptions, newNode } from './xep-0060-node-config.ts';
import { readForm } from '../forms.ts';
import type { HubCore } from '../core.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { PepNode } from '../store/pep.ts';
import type { XmlElement } from '../xml.ts';

function get({ core, user, session, payload }: IqRequest): XmlElement {
  const wanted = child(payload, 'items');
  if (!wanted) throw new StanzaError('feature-not-implemented');
  const name = wanted.attrs.node ?? '';
  const node = findNode(core.db, user, name);
  if (!node) throw new StanzaError('item-not-found');
  if (!mayRead(core, user, node, session.user)) throw unreadable(node);
  const ids = elements(wanted, 'item').flatMap((item) => item.attrs.id ?? []);
  const max = /^\d{1,6}$/.test(wanted.attrs.max_items ?? '')
    ? Number(wanted.attrs.max_items)
    : LIMITS.pepItems;
  const items = ids.length
    ? ids.flatMap((id) => findPepItem(core.db, user, name, id) ?? [])
    : listPepItems(core.db, user, name, max);
  const list = el(
    'items',
    NS.pubsub,
    { node: name },
    items.map(({ xml }) => parseXml(xml)),
  );
  return el('pubsub', NS.pubsub, {}, [list]);
}

function unreadable(node: PepNode): StanzaError {
  if (node.access === 'presence') {
    return new StanzaError('not-authorized', '', el('presence-subscription-required', NS.pubsubErrors));
  }
  return new StanzaError('not-allowed', '', el('closed-node', NS.pubsubErrors));
}

function set(request: IqRequest): XmlElement | null {
  const { payload } = request;
  const [publish, retract, create] = ['publish', 'retract', 'create'].map((name) => child(payload, name));
  if (publish) return publishItem(request, publish);
  if (retract) return retractItem(request, retract);
  if (create) return createNode(request, create);
  throw new StanzaError('feature-not-implemented');
}

function createNode({ core, user, payload }: IqRequest, create: XmlElement): XmlElement | null {
  const name = create.attrs.node || randomUUID();
  if (findNode(core.db, user, name)) throw new StanzaError('conflict');
  const configure = child(payload, 'configure');
  saveNode(core.db, user, applyOptions(makeNode(core, user, name), configure ? readForm(configure) : null));
  return create.attrs.node ? null : el('pubsub', NS.pubsub, {}, [el('create', NS.pubsub, { node: name })]);
}

function makeNode(core: HubCore, user: string, name: string): PepNode {
  if (name === '' || name.length > 1023) throw new StanzaError('bad-request');
  if (listNodes(core.db, user).length >= LIMITS.pepNodes) throw new StanzaError('resource-constraint');
  return newNode(name);
}

/** §7.1 of XEP-0060; options that an existing node doesn't meet are a conflict (§7.1.5). */
function publishItem({ core, user, payload }: IqRequest, publish: XmlElement): XmlElement {
  const name = publish.attrs.node ?? '';
  const [item, ...more] = elements(publish, 'item');
  if (more.length > 0) throw new StanzaError('bad-request');
  const holder = child(payload, 'publish-options');
  const options = holder ? readForm(holder) : null;
  const existing = findNode(core.db, user, name);
  if (existing && !meetsOptions(existing, options)) {
    throw new StanzaError('conflict', '', el('precondition-not-met', NS.pubsubErrors));
  }
  const node = existing ?? applyOptions(makeNode(core, user, name), options);
  if (!existing) saveNode(core.db, user, node);
  const id = item?.attrs.id || randomUUID();
  const xml = serialize(el('item', NS.pubsub, { id }, item?.children ?? []));
  if (node.persist) putItem(core.db, user, name, { item: id, xml }, node.maxItems);
  if (item) indexNames(core, user, name, item);
  announce(core, user, node, [el('items', NS.pubsubEvent, { node: name }, [asEvent(xml)])]);
  return el('pubsub', NS.pubsub, {}, [
    el('publish', NS.pubsub, { node: name }, [el('item', NS.pubsub, { id })]),
  ]);
}

/** Makes people findable by what they call themselves in PEP. */
function indexNames(core: HubCore, user: string, node: string, item: XmlElement): void {
  if (node === NS.nick) {
    saveNames(core.db, user, node, { fn: '', nick: childText(item, 'nick', NS.nick)?.trim() ?? '' });
  } else if (node === NS.vcard4Node) {
    const card = child(item, 'vcard', NS.vcard4);
    const text = (name: string): string => {
      const property = card && child(card, name);
      return property ? textOf(child(property, 'text')).trim() : '';
    };
    const categories = card && child(card, 'categories');
    const interests = categories ? elements(categories, 'text').map(textOf) : [];
    saveNames(core.db, user, node, { fn: text('fn'), nick: text('nickname'), interests });
  }
}

function retractItem({ core, user }: IqRequest, retract: XmlElement): null {
  const name = retract.attrs.node ?? '';
  const node = findNode(core.db, user, name);
  const id = elements(retract, 'item')[0]?.attrs.id;
  if (!node) throw new StanzaError('item-not-found');
  if (!id) throw new StanzaError('bad-request', '', el('item-required', NS.pubsubErrors));
  if (!deletePepItem(core.db, user, name, id)) throw new StanzaError('item-not-found');
  const gone = el('retract', NS.pubsubEvent, { id });
  announce(core, user, node, [el('items', NS.pubsubEvent, { node: name }, [gone])]);
  return null;
}

const PUBSUB_FEATURES = [
  'access-open',
  'access-presence',
  'access-whitelist',
  'auto-create',
  'config-node',
  'config-node-max',
  'create-and-configure',
  'create-nodes',
  'delete-items',
  'delete-nodes',
  'filtered-notifications',
  'item-ids',
  'last-published',
  'multi-items',
  'persistent-items',
  'presence-notifications',
  'publish',
  'publish-options',
  'purge-nodes',
  'retract-items',
  'retrieve-items',
].map((name) => `${NS.pubsub}#${name}`);

export const pep: HubModule = {
  name: 'xep-0163-pep',
  accountFeatures: [...PUBSUB_FEATURES],
  iq: [
    { at: 'account', type: 'get', ns: NS.pubsub, name: 'pubsub', forOthers: true, handle: get },
    { at: 'account', type: 'set', ns: NS.pubsub, name: 'pubsub', handle: set },
  ],
};
