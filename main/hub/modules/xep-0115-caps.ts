/**
 * XEP-0115 Entity Capabilities, version 1.6.0: learns which PEP nodes a client wants to hear of.
 * What is learned is kept for the one account only, so a forged hash can mislead nobody else (§9).
 */
import { NS } from '../namespaces.ts';
import { child, el, elements } from '../xml.ts';
import { sendLastItems } from './xep-0163-pep-events.ts';
import type { HubCore } from '../core.ts';
import type { HubModule } from '../module.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

const KEPT = 1_000;
const known = new WeakMap<HubCore, Map<string, ReadonlySet<string>>>();

function cacheOf(core: HubCore): Map<string, ReadonlySet<string>> {
  const cache = known.get(core) ?? new Map<string, ReadonlySet<string>>();
  known.set(core, cache);
  return cache;
}

function learn(core: HubCore, session: Session): void {
  const caps = session.presence && child(session.presence, 'c', NS.caps);
  const { node, ver } = caps?.attrs ?? {};
  if (!node || !ver || session.capsKey === `${node}#${ver}`) return;
  session.capsKey = `${node}#${ver}`;
  const key = `${session.user} ${session.capsKey}`;
  const kept = cacheOf(core).get(key);
  if (kept) {
    apply(core, session, kept);
    return;
  }
  core.ask(session, el('query', NS.discoInfo, { node: session.capsKey }), (reply) => {
    const query = reply.attrs.type === 'result' ? child(reply, 'query', NS.discoInfo) : undefined;
    if (!query || session.ended) return;
    const cache = cacheOf(core);
    if (cache.size >= KEPT) cache.clear();
    cache.set(key, wantedNodes(query));
    apply(core, session, wantedNodes(query));
  });
}

function wantedNodes(query: XmlElement): ReadonlySet<string> {
  const features = elements(query, 'feature').map((feature) => feature.attrs.var ?? '');
  return new Set(features.filter((name) => name.endsWith('+notify')).map((name) => name.slice(0, -7)));
}

function apply(core: HubCore, session: Session, nodes: ReadonlySet<string>): void {
  const added = new Set([...nodes].filter((node) => !session.notify.has(node)));
  session.notify = nodes;
  sendLastItems(core, session, added);
}

export const caps: HubModule = {
  name: 'xep-0115-caps',
  onPresence: learn,
};
