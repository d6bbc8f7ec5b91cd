/** XEP-0054 vcard-temp, version 1.2; shows the PEP avatar as its photo as XEP-0398 (1.0.1) does. */
import { NS } from '../namespaces.ts';
import { findNode, listPepItems } from '../store/pep.ts';
import { findVcard, saveNames, saveVcard } from '../store/profiles.ts';
import { child, childText, el, elements, parseXml, serialize, textEl, textOf, withChildren } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

/** The avatar that was published for everybody, as a vCard photo. */
function avatarPhoto({ core, user }: IqRequest): XmlElement | null {
  if (findNode(core.db, user, NS.avatarData)?.access !== 'open') return null;
  const [metadata] = listPepItems(core.db, user, NS.avatarMetadata, 1);
  const info = metadata && child(parseXml(metadata.xml), 'metadata', NS.avatarMetadata);
  const current = info && elements(info, 'info').find((e) => e.attrs.id && !e.attrs.url);
  const data = listPepItems(core.db, user, NS.avatarData, 1)[0];
  const bytes = data && textOf(child(parseXml(data.xml), 'data', NS.avatarData)).trim();
  if (!current || !data || data.item !== current.attrs.id || !bytes) return null;
  return el('PHOTO', NS.vcardTemp, {}, [
    textEl('TYPE', NS.vcardTemp, current.attrs.type ?? 'image/png'),
    textEl('BINVAL', NS.vcardTemp, bytes),
  ]);
}

function get(request: IqRequest): XmlElement {
  const stored = findVcard(request.core.db, request.user);
  const card = stored ? parseXml(stored) : el('vCard', NS.vcardTemp);
  const photo = avatarPhoto(request);
  if (!photo) return card;
  return withChildren(card, [...elements(card).filter((e) => e.name !== 'PHOTO'), photo]);
}

function set({ core, session, payload }: IqRequest): null {
  saveVcard(core.db, session.user, serialize(payload));
  const fn = childText(payload, 'FN')?.trim() ?? '';
  const nick = childText(payload, 'NICKNAME')?.trim() ?? '';
  const categories = child(payload, 'CATEGORIES');
  const interests = categories ? elements(categories, 'KEYWORD').map(textOf) : [];
  saveNames(core.db, session.user, 'vcard-temp', { fn, nick, interests });
  return null;
}

export const vcard: HubModule = {
  name: 'xep-0054-vcard',
  serverFeatures: [NS.vcardTemp],
  accountFeatures: [NS.vcardTemp, 'urn:xmpp:pep-vcard-conversion:0'],
  iq: [
    { at: 'account', type: 'get', ns: NS.vcardTemp, name: 'vCard', forOthers: true, handle: get },
    { at: 'account', type: 'set', ns: NS.vcardTemp, name: 'vCard', handle: set },
  ],
};
