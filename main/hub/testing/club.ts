import { expect } from 'vitest';
import { NS } from '../namespaces.ts';
import { child, el, elements, textEl, textOf } from '../xml.ts';
import { login } from './raw-client.ts';
import type { RawClient } from './raw-client.ts';
import type { XmlElement } from '../xml.ts';

export const ROOM = 'club@rooms.localhost';

export const outcome = (e: XmlElement): string =>
  e.attrs.type === 'error' ? (elements(child(e, 'error') ?? e)[0]?.name ?? '') : 'ok';
export const codes = (e: XmlElement): string[] => {
  const x = child(e, 'x', NS.mucUser);
  return x ? elements(x, 'status').map((s) => s.attrs.code ?? '') : [];
};
export const isMine = (e: XmlElement): boolean =>
  e.name === 'presence' &&
  (e.attrs.from ?? '').startsWith(ROOM) &&
  (e.attrs.type === 'error' || codes(e).includes('110'));

/** Enters; resolves with the presence about oneself, or the refusal. */
export async function enter(client: RawClient, nick: string, room = ROOM): Promise<XmlElement> {
  client.presence({ to: `${room}/${nick}` }, [
    el('x', NS.muc, {}, [el('history', NS.muc, { maxstanzas: 0 })]),
  ]);
  return client.next(isMine, `${nick} in the room`);
}
export const configure = (client: RawClient, fields: Record<string, string> = {}): Promise<XmlElement> => {
  const all = { FORM_TYPE: NS.mucRoomConfig, ...fields };
  const form = Object.entries(all).map(([name, value]) =>
    el('field', NS.dataForms, { var: name }, [textEl('value', NS.dataForms, value)]),
  );
  const x = el('x', NS.dataForms, { type: 'submit' }, form);
  return client.iq('set', ROOM, el('query', NS.mucOwner, {}, [x]));
};
export const change = async (client: RawClient, attrs: Record<string, string>): Promise<string> =>
  outcome(await client.iq('set', ROOM, el('query', NS.mucAdmin, {}, [el('item', NS.mucAdmin, attrs)])));
export const say = (client: RawClient, body: string, extra: XmlElement[] = []): void =>
  client.message(ROOM, body, extra, { type: 'groupchat' });

export async function archive(client: RawClient): Promise<XmlElement[] | string> {
  const before = client.received.length;
  const answer = await client.iq('set', ROOM, el('query', NS.mam));
  if (answer.attrs.type === 'error') return outcome(answer);
  return client.received
    .slice(before)
    .flatMap((e) => elements(e, 'result', NS.mam))
    .flatMap((r) => elements(child(r, 'forwarded', NS.forward) ?? r, 'message', NS.client));
}
export const bodiesIn = (found: XmlElement[] | string): string[] | string =>
  typeof found === 'string' ? found : found.map((m) => textOf(child(m, 'body')));
export const stanzaId = (m: XmlElement): string => child(m, 'stanza-id', NS.sid)?.attrs.id ?? '';

/** A room of anna's, with bert as administrator and cleo and dora as members, all in it. */
export async function club(
  url: string,
  fields: Record<string, string> = {},
): Promise<Record<string, RawClient>> {
  const people: Record<string, RawClient> = {};
  for (const name of ['anna', 'bert', 'cleo', 'dora', 'eve']) people[name] = await login(url, name);
  const { anna, bert, cleo, dora } = people as { [name: string]: RawClient } & Record<
    'anna' | 'bert' | 'cleo' | 'dora',
    RawClient
  >; // just logged in
  expect(codes(await enter(anna, 'Anna'))).toEqual(['100', '201', '110']);
  expect(outcome(await configure(anna, fields))).toBe('ok');
  await change(anna, { affiliation: 'admin', jid: 'bert@localhost' });
  await change(anna, { affiliation: 'member', jid: 'cleo@localhost' });
  await change(anna, { affiliation: 'member', jid: 'dora@localhost' });
  await enter(bert, 'Bert');
  await enter(cleo, 'Cleo');
  await enter(dora, 'Dora');
  return people;
}
export const get = (people: Record<string, RawClient>, name: string): RawClient => {
  const found = people[name];
  if (!found) throw new Error(name);
  return found;
};
