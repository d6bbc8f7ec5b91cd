import { expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { ROOM, change, club, enter, get, outcome, say } from '../testing/club.ts';
import { type RawClient, login, settled } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import { el, elements } from '../xml.ts';
import { foldNickname } from './nicknames.ts';
import type { XmlElement } from '../xml.ts';

const hub = testHub();
const refusal = async (client: RawClient): Promise<string> =>
  outcome(await client.next((e) => e.name === 'message' && e.attrs.type === 'error'));
const asks = (client: RawClient, what: XmlElement): void =>
  client.message(ROOM, '', [el('x', NS.mucUser, {}, [what])], { type: 'normal' });
const invites = (client: RawClient, to: string): void => asks(client, el('invite', NS.mucUser, { to }));
const declines = (client: RawClient, to: string): void => asks(client, el('decline', NS.mucUser, { to }));
const isInvited = (e: XmlElement): boolean =>
  e.attrs.from === ROOM && elements(e, 'x', NS.mucUser).some((x) => elements(x, 'invite').length > 0);

it('a mute is not left behind by going and being invited again, by declining, or over a restart', async () => {
  const people = await club(hub.url);
  const [bert, cleo, dora] = [get(people, 'bert'), get(people, 'cleo'), get(people, 'dora')];
  expect(await change(bert, { role: 'visitor', nick: 'Cleo' })).toBe('ok');
  expect(await change(cleo, { affiliation: 'none', jid: 'cleo@localhost' })).toBe('ok');
  cleo.presence({ to: `${ROOM}/Cleo` }, [el('x', NS.muc)]);
  const shut = await cleo.next((e) => e.name === 'presence' && e.attrs.type === 'error');
  expect(outcome(shut)).toBe('registration-required');
  invites(dora, 'cleo@localhost');
  await cleo.next(isInvited);
  declines(cleo, 'dora@localhost');
  await settled(cleo);
  await hub.stop();
  await hub.start();
  const [doraAgain, cleoAgain] = [await login(hub.url, 'dora'), await login(hub.url, 'cleo')];
  await enter(doraAgain, 'Dora');
  invites(doraAgain, 'cleo@localhost');
  await cleoAgain.next(isInvited);
  expect(outcome(await enter(cleoAgain, 'Cleo'))).toBe('ok');
  say(cleoAgain, 'I am back');
  expect(await refusal(cleoAgain)).toBe('forbidden');
  const bertAgain = await login(hub.url, 'bert');
  await enter(bertAgain, 'Bert');
  expect(await change(bertAgain, { role: 'participant', nick: 'Cleo' })).toBe('ok');
  say(cleoAgain, 'I may');
  await bertAgain.body('I may');
});

it('an only owner who was invited once does not leave the room without one by declining', async () => {
  const people = await club(hub.url);
  const [anna, eve] = [get(people, 'anna'), get(people, 'eve')];
  invites(anna, 'eve@localhost');
  await eve.next(isInvited);
  expect(await change(anna, { affiliation: 'owner', jid: 'eve@localhost' })).toBe('ok');
  expect(await change(eve, { affiliation: 'admin', jid: 'anna@localhost' })).toBe('ok');
  declines(eve, 'anna@localhost');
  expect(await refusal(eve)).toBe('not-allowed');
  expect(await change(eve, { affiliation: 'none', jid: 'eve@localhost' })).toBe('conflict');
  // Who is banned does not decline the ban.
  expect(await change(eve, { affiliation: 'outcast', jid: 'cleo@localhost' })).toBe('ok');
  declines(get(people, 'cleo'), 'anna@localhost');
  expect(await refusal(get(people, 'cleo'))).toBe('forbidden');
});

it('a name in letters of another script that look the same is taken', async () => {
  const people = await club(hub.url);
  const [anna, eve] = [get(people, 'anna'), get(people, 'eve')];
  expect(await change(anna, { affiliation: 'member', jid: 'eve@localhost' })).toBe('ok');
  for (const alike of ['Аnnа', 'ANNΑ', 'Ｂеrt', 'Сlео'])
    expect([alike, outcome(await enter(eve, alike))]).toEqual([alike, 'conflict']);
  expect(outcome(await enter(eve, 'Ева'))).toBe('ok');
  expect(foldNickname('Ольга')).not.toBe(foldNickname('Олег'));
  expect([foldNickname('PauI'), foldNickname('B0b')]).toEqual([foldNickname('paul'), foldNickname('Bob')]);
});
