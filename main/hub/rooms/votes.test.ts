import { expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { club, get, ROOM } from '../testing/club.ts';
import { settled } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import { child, el, textEl, textOf } from '../xml.ts';
import type { XmlElement } from '../xml.ts';

const hub = testHub();

const vote = (poll: string, room: unknown = ROOM): XmlElement =>
  textEl('vote', NS.polls, JSON.stringify({ poll, room, choices: [0] }));
const store = el('store', NS.hints);

it('a vote in secret reaches its author from people of the group alone, and lets nobody in', async () => {
  const people = await club(hub.url);
  const [cleo, dora, eve] = [get(people, 'cleo'), get(people, 'dora'), get(people, 'eve')];
  const send = (from: typeof cleo, children: XmlElement[]) =>
    from.send(el('message', NS.client, { to: 'dora@localhost', type: 'chat', id: 'v' }, children));
  send(cleo, [vote('p1'), store]);
  // Not in the group; a group that is none; no JSON; and what somebody would read.
  send(eve, [vote('p2'), store]);
  send(cleo, [vote('p3', 'other@rooms.localhost'), store]);
  send(cleo, [vote('p4', null), store]);
  send(cleo, [textEl('vote', NS.polls, '{'), store]);
  send(cleo, [vote('p5'), store, textEl('x', NS.oob, '')]);
  await Promise.all([settled(cleo), settled(eve), settled(dora)]);
  const heard = dora.received.flatMap((e) => {
    const one = e.name === 'message' ? child(e, 'vote', NS.polls) : undefined;
    return one ? [textOf(one)] : [];
  });
  expect(heard).toEqual([textOf(vote('p1'))]);
  cleo.message('dora@localhost', 'hello', [store]);
  cleo.message('dora@localhost', 'one is let through, two are not', [store]);
  await Promise.all([settled(cleo), settled(dora)]);
  expect(dora.bodies().filter((body) => body !== '')).not.toContain('one is let through, two are not');
});
