/** XEP-0049 Private XML Storage, version 1.2. */
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { getSetting, setSetting } from '../store/accounts.ts';
import { el, elements, parseXml, serialize } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

const keyOf = (element: XmlElement): string => `private:${element.ns} ${element.name}`;

function only(payload: XmlElement): XmlElement {
  const [element] = elements(payload);
  if (!element || element.ns === NS.privateStorage) throw new StanzaError('bad-request');
  return element;
}

function get({ core, session, payload }: IqRequest): XmlElement {
  const wanted = only(payload);
  const stored = getSetting(core.db, session.user, keyOf(wanted));
  return el('query', NS.privateStorage, {}, [stored ? parseXml(stored) : el(wanted.name, wanted.ns)]);
}

function set({ core, session, payload }: IqRequest): null {
  for (const element of elements(payload, only(payload).name)) {
    setSetting(core.db, session.user, keyOf(element), serialize(element));
  }
  return null;
}

export const privateStorage: HubModule = {
  name: 'xep-0049-private-storage',
  serverFeatures: [NS.privateStorage],
  accountFeatures: [NS.privateStorage],
  iq: [
    { at: 'account', type: 'get', ns: NS.privateStorage, name: 'query', handle: get },
    { at: 'account', type: 'set', ns: NS.privateStorage, name: 'query', handle: set },
  ],
};
