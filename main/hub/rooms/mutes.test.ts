import { expect, it, onTestFinished, vi } from 'vitest';
import { NS } from '../namespaces.ts';
import { ROOM, change, club, enter, get, outcome, say } from '../testing/club.ts';
import { login, settled, type RawClient } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import { child, el, elements, textEl } from '../xml.ts';
import type { XmlElement } from '../xml.ts';

const hub = testHub();
const ALWAYS = 8_640_000_000_000_000;

/** What a moderator's Postcard says; nothing else may be needed for it to hold. */
const mute = (by: RawClient, who: string, until: number | null): void => {
  const json = JSON.stringify({ address: `${who}@localhost`, until, reason: 'Cool down' });
  say(by, '', [textEl('mute', NS.groups, json), el('store', NS.hints)]);
};
const roleIn = (e: XmlElement): string | undefined => {
  const x = child(e, 'x', NS.mucUser);
  return x && elements(x, 'item')[0]?.attrs.role;
};
/** What somebody was to another one of the room, from the beginning on. */
const rolesOf = (nick: string, to: RawClient): (string | undefined)[] =>
  to.received
    .filter((e) => e.name === 'presence' && e.attrs.from === `${ROOM}/${nick}`)
    .map(roleIn)
    .filter((role) => role !== undefined);
const seen = (to: RawClient, nick: string, ...roles: string[]): Promise<void> =>
  expect.poll(() => rolesOf(nick, to), { timeout: 8_000 }).toEqual(roles);
/** As a device that has just been switched on. */
const comes = async (name: string, nick: string): Promise<[RawClient, string | undefined]> => {
  const client = await login(hub.url, name, 'two');
  return [client, roleIn(await enter(client, nick))];
};
const refusal = async (client: RawClient): Promise<string> =>
  outcome(await client.next((e) => e.name === 'message' && e.attrs.type === 'error'));
const leave = (client: RawClient, nick: string): void =>
  client.presence({ to: `${ROOM}/${nick}`, type: 'unavailable' });
/** The hub's clock from now on. */
function later(ms: number): void {
  const now = Date.now;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + ms);
  onTestFinished(() => void clock.mockRestore());
}

it('somebody away is muted: they come back without a voice, and have it again at the end', async () => {
  const people = await club(hub.url);
  const [anna, bert, cleo] = [get(people, 'anna'), get(people, 'bert'), get(people, 'cleo')];
  leave(cleo, 'Cleo');
  await settled(cleo);
  mute(bert, 'cleo', Date.now() + 1_500);
  await settled(bert);
  // No moderator's app is there any more.
  leave(bert, 'Bert');
  leave(anna, 'Anna');
  const [again, role] = await comes('cleo', 'Cleo');
  expect(role).toBe('visitor');
  say(again, 'not heard');
  expect(await refusal(again)).toBe('forbidden');
  await seen(get(people, 'dora'), 'Cleo', 'participant', 'none', 'visitor', 'participant');
  say(again, 'heard');
  await get(people, 'dora').body('heard');
  expect(get(people, 'dora').bodies()).not.toContain('not heard');
});

it('who is there loses the voice by the note alone, and gets it back where the role was taken before', async () => {
  const people = await club(hub.url);
  const [bert, cleo, dora] = [get(people, 'bert'), get(people, 'cleo'), get(people, 'dora')];
  mute(bert, 'dora', ALWAYS);
  await seen(cleo, 'Dora', 'participant', 'visitor');
  mute(bert, 'dora', null);
  await seen(cleo, 'Dora', 'participant', 'visitor', 'participant');
  // As Postcard does it, and then the app is closed.
  expect(await change(bert, { role: 'visitor', nick: 'Cleo' })).toBe('ok');
  mute(bert, 'cleo', Date.now() + 700);
  await settled(bert);
  bert.socket.close();
  await seen(dora, 'Cleo', 'participant', 'visitor', 'participant');
  say(cleo, 'heard');
  await dora.body('heard');
});

it('over a restart: it goes on, and what ended meanwhile is over', async () => {
  const people = await club(hub.url);
  const bert = get(people, 'bert');
  mute(bert, 'cleo', Date.now() + 3_600_000);
  mute(bert, 'dora', Date.now() + 7_200_000);
  await settled(bert);
  await hub.stop();
  later(3_600_000);
  await hub.start();
  const [cleo, dora] = [await login(hub.url, 'cleo'), await login(hub.url, 'dora')];
  expect(roleIn(await enter(cleo, 'Cleo'))).toBe('participant');
  expect(roleIn(await enter(dora, 'Dora'))).toBe('visitor');
  say(cleo, 'heard');
  await dora.body('heard');
});

it('a computer that slept: before anybody is refused, what is over ends', async () => {
  const people = await club(hub.url);
  const [bert, cleo] = [get(people, 'bert'), get(people, 'cleo')];
  mute(bert, 'cleo', Date.now() + 3_600_000);
  await settled(bert);
  later(3_600_001);
  say(cleo, 'heard');
  await bert.body('heard');
});

it('who gave up the membership is muted when invited again, until the end and no longer', async () => {
  const people = await club(hub.url);
  const [anna, bert, cleo] = [get(people, 'anna'), get(people, 'bert'), get(people, 'cleo')];
  mute(bert, 'cleo', Date.now() + 3_600_000);
  await settled(bert);
  expect(await change(cleo, { affiliation: 'none', jid: 'cleo@localhost' })).toBe('ok');
  expect(await change(anna, { affiliation: 'member', jid: 'cleo@localhost' })).toBe('ok');
  expect((await comes('cleo', 'Cleo'))[1]).toBe('visitor');
  expect(await change(cleo, { affiliation: 'none', jid: 'cleo@localhost' })).toBe('ok');
  later(3_600_000);
  expect(await change(anna, { affiliation: 'member', jid: 'cleo@localhost' })).toBe('ok');
  expect((await comes('cleo', 'Cleo'))[1]).toBe('participant');
});

it('moderators alone mute, and no moderators; a note that says nothing is none', async () => {
  const people = await club(hub.url);
  const [anna, bert, cleo, dora] = ['anna', 'bert', 'cleo', 'dora'].map((name) => get(people, name)) as [
    RawClient,
    RawClient,
    RawClient,
    RawClient,
  ];
  mute(cleo, 'dora', ALWAYS);
  expect(await refusal(cleo)).toBe('forbidden');
  mute(anna, 'bert', ALWAYS);
  expect(await refusal(anna)).toBe('not-allowed');
  mute(bert, 'anna', ALWAYS);
  expect(await refusal(bert)).toBe('not-allowed');
  for (const json of ['{{{', '{}', '{"address":"dora@localhost","until":-1}', '{"address":7,"until":null}']) {
    say(anna, '', [textEl('mute', NS.groups, json)]);
    expect(await refusal(anna)).toBe('bad-request');
  }
  // Somebody whom the room does not know.
  mute(anna, 'eve', ALWAYS);
  say(dora, 'still here');
  await bert.body('still here');
  // Who is made a moderator is muted no more, and not again when they are none any more.
  mute(anna, 'dora', ALWAYS);
  await settled(anna);
  await change(anna, { affiliation: 'admin', jid: 'dora@localhost' });
  await change(anna, { affiliation: 'member', jid: 'dora@localhost' });
  await seen(cleo, 'Dora', 'participant', 'visitor', 'moderator', 'participant');
});
