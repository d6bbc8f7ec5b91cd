import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { groupSeen, groupsOf, twoInGroup } from '../support/group-people.ts';
import { Person } from '../support/people.ts';
import { rawMember } from '../support/raw-room.ts';
import { until } from '../support/wait.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

/** Texts of what is pinned in a group on somebody's device. */
async function pinned(device: Person, room: string): Promise<string[]> {
  const conversationId = (await groupsOf(device)).find(({ address }) => address === room)?.id;
  if (conversationId === undefined) return [];
  return (await device.call('pins.list', { conversationId })).items.map(({ text }) => text);
}
const pinnedSeen = (device: Person, room: string, texts: readonly string[]) =>
  until(async () => JSON.stringify(await pinned(device, room)) === JSON.stringify(texts), {
    what: `pins: ${texts.join(', ') || 'none'}`,
  });
const pinNote = (message: string, on: boolean) =>
  `<pin xmlns='urn:postcard:groups:0'>${JSON.stringify({ message, pinned: on })}</pin><store xmlns='urn:xmpp:hints'/>`;

describeEachServer('messages pinned for everybody in a group', (server) => {
  it('are seen by all, also on a new device and after a restart; members cannot pin or unpin', async () => {
    const { anna, bert, id, theirs, room, b } = await twoInGroup(server(), opened);
    await anna.call('messages.send', { conversationId: id, text: 'Sunday at nine', anyway: true });
    const atBert = await bert.message(room, (m) => m.text === 'Sunday at nine');
    await bert.call('messages.send', { conversationId: theirs, text: 'I bring a tripod', anyway: true });
    const mine = await anna.message(room, (m) => m.text === 'Sunday at nine' && m.state !== 'sending');
    const his = await anna.message(room, (m) => m.text === 'I bring a tripod');
    await anna.call('pins.setForAll', { id: mine.id, pinned: true });
    await anna.call('pins.setForAll', { id: his.id, pinned: true });
    for (const device of [anna, bert]) await pinnedSeen(device, room, ['Sunday at nine', 'I bring a tripod']);
    await bert.message(room, (m) => m.text === 'Sunday at nine' && m.pinnedForAll && !m.pinned);

    expect(await bert.outcome('pins.setForAll', { id: atBert.id, pinned: false })).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    // A member whose app keeps to nothing.
    const rogue = await opened(
      rawMember(server(), newName('rogue')).then((m) => ({ ...m, close: () => m.client.close() })),
    );
    await anna.call('groups.invite', { id, address: rogue.address, reason: '' });
    expect(await rogue.enter(room)).toBe('ok');
    await anna.call('messages.send', { conversationId: id, text: 'Bring boots', anyway: true });
    const boots = await until(
      () =>
        rogue.client.frames
          .find((frame) => frame.includes('Bring boots'))
          ?.match(/<stanza-id[^>]*\sid=['"]([^'"]+)/)?.[1] ?? null,
      { what: 'the room’s id' },
    );
    const answer = await rogue.say(room, pinNote(boots, true));
    expect(answer).toBe(server().kind === 'hub' ? 'forbidden' : 'ok');
    await anna.call('messages.send', { conversationId: id, text: 'Afterwards', anyway: true });
    await bert.message(room, (m) => m.text === 'Afterwards');
    for (const device of [anna, bert])
      expect(await pinned(device, room)).toEqual(['Sunday at nine', 'I bring a tripod']);

    await anna.call('pins.setForAll', { id: his.id, pinned: false });
    await pinnedSeen(bert, room, ['Sunday at nine']);
    await bert.restart();
    await bert.connected();
    await pinnedSeen(bert, room, ['Sunday at nine']);
    const second = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    await groupSeen(second, room, (g) => g.state === 'joined', 'on the new device');
    await pinnedSeen(second, room, ['Sunday at nine']);

    // What is taken back is pinned no more.
    await anna.call('messages.unsend', { id: mine.id });
    for (const device of [bert, second]) await pinnedSeen(device, room, []);
  });
});
