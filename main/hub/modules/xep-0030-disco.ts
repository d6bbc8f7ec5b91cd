/** XEP-0030 Service Discovery, version 2.5.0; XEP-0157 contact addresses, version 1.1.1. */
import { buildForm } from '../forms.ts';
import { ABUSE_USER, bareOfUser, ROOMS_DOMAIN, SEARCH_DOMAIN, UPLOAD_DOMAIN } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { sharesPresence } from '../policy.ts';
import { StanzaError } from '../stanza.ts';
import { listNodes } from '../store/pep.ts';
import { el } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

/** One identity of an entity. */
export const identity = (category: string, type: string, name?: string): XmlElement =>
  el('identity', NS.discoInfo, { category, type, name });

/** What an entity says of itself (§3.1). */
export function info(
  identities: XmlElement[],
  features: readonly string[],
  forms: XmlElement[] = [],
): XmlElement {
  const all = [...new Set([NS.discoInfo, NS.discoItems, ...features])].toSorted();
  const children = [
    ...identities,
    ...all.map((name) => el('feature', NS.discoInfo, { var: name })),
    ...forms,
  ];
  return el('query', NS.discoInfo, {}, children);
}

function refuseNode(payload: XmlElement): void {
  if (payload.attrs.node) throw new StanzaError('item-not-found');
}

function serverInfo({ core, payload }: IqRequest): XmlElement {
  refuseNode(payload);
  const features = core.modules.flatMap((module) => module.serverFeatures ?? []);
  // Reports stay on this computer, in a queue (XEP-0157 §3).
  const desk = `xmpp:${bareOfUser(ABUSE_USER)}`;
  const contact = buildForm(NS.serverInfo, 'result', [
    { name: 'abuse-addresses', type: 'list-multi', values: [desk] },
  ]);
  return info([identity('server', 'im', 'Postcard hub')], features, [contact]);
}

function accountInfo({ core, user, own, session, payload }: IqRequest): XmlElement {
  refuseNode(payload);
  if (!own && !sharesPresence(core.db, user, session.bare)) throw new StanzaError('service-unavailable');
  const features = core.modules.flatMap((module) => module.accountFeatures ?? []);
  return info([identity('account', 'registered'), identity('pubsub', 'pep')], features);
}

function accountItems({ core, user, own, session }: IqRequest): XmlElement {
  const friend = own || sharesPresence(core.db, user, session.bare);
  const visible = listNodes(core.db, user).filter(
    ({ access }) => own || access === 'open' || (access === 'presence' && friend),
  );
  const items = visible.map(({ node }) => el('item', NS.discoItems, { jid: bareOfUser(user), node }));
  return el('query', NS.discoItems, {}, items);
}

function serverItems(): XmlElement {
  const services: [string, string][] = [
    [UPLOAD_DOMAIN, 'Files'],
    [SEARCH_DOMAIN, 'Find people'],
    [ROOMS_DOMAIN, 'Groups'],
  ];
  return el(
    'query',
    NS.discoItems,
    {},
    services.map(([jid, name]) => el('item', NS.discoItems, { jid, name })),
  );
}

function uploadInfo(): XmlElement {
  const limit = buildForm(NS.upload, 'result', [
    { name: 'max-file-size', values: [String(LIMITS.uploadBytes)] },
  ]);
  return info([identity('store', 'file', 'Files')], [NS.upload], [limit]);
}

const searchInfo = (): XmlElement => info([identity('directory', 'user', 'Find people')], [NS.search]);
const noItems = (): XmlElement => el('query', NS.discoItems);

export const disco: HubModule = {
  name: 'xep-0030-disco',
  iq: [
    { at: 'server', type: 'get', ns: NS.discoInfo, name: 'query', handle: serverInfo },
    { at: 'server', type: 'get', ns: NS.discoItems, name: 'query', handle: serverItems },
    { at: 'account', type: 'get', ns: NS.discoInfo, name: 'query', forOthers: true, handle: accountInfo },
    { at: 'account', type: 'get', ns: NS.discoItems, name: 'query', forOthers: true, handle: accountItems },
    { at: 'upload', type: 'get', ns: NS.discoInfo, name: 'query', handle: uploadInfo },
    { at: 'upload', type: 'get', ns: NS.discoItems, name: 'query', handle: noItems },
    { at: 'search', type: 'get', ns: NS.discoInfo, name: 'query', handle: searchInfo },
    { at: 'search', type: 'get', ns: NS.discoItems, name: 'query', handle: noItems },
  ],
};
