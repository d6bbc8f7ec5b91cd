import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { memberSeen, twoInGroup } from '../support/group-people.ts';
import { payloads, rawMember } from '../support/raw-room.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

const STORE = `<store xmlns='urn:xmpp:hints'/>`;
const corrects = (id: string) => `<replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`;
const captions = (id: string) => `<caption xmlns='urn:postcard:caption:0' for='${id}'/>`;
const origin = (id: string) => `<origin-id xmlns='urn:xmpp:sid:0' id='${id}'/>`;

describeEachServer('what a moderator deletes', (server) => {
  it('is gone from the room’s archive, with its corrections and what repeats its caption', async () => {
    const { anna, id, room } = await twoInGroup(server(), opened);
    const eve = await rawMember(server(), newName('eve'));
    running.push({ close: () => eve.client.close() });
    await anna.call('groups.invite', { id, address: eve.address, reason: '' });
    await eve.enter(room);
    await memberSeen(anna, id, eve.address, (m) => m.present, 'Eve in the room');
    const say = (text: string, as: string, more = '') =>
      eve.client.sendXml(
        `<message xmlns='jabber:client' type='groupchat' to='${room}' id='${as}'>` +
          `${payloads.body(text)}${more}${origin(as)}${STORE}</message>`,
      );
    say('hi', 'e1');
    const got = await anna.message(room, (m) => m.text === 'hi');
    say('first abuse', 'e2', corrects('e1'));
    say('second abuse', 'e3', corrects('e1'));
    say('third abuse', 'e1.caption', captions('e1'));
    await anna.message(room, (m) => m.text === 'second abuse');
    // Behind all of them.
    say('to stay', 'e4');
    await anna.message(room, (m) => m.text === 'to stay');
    await anna.call('groups.deleteForEveryone', { messageId: got.id, reason: 'be kind' });
    await anna.message(room, (m) => m.id === got.id && m.unsent);
    const kept = await eve.archive(room);
    expect(kept).toContain('to stay');
    expect(typeof kept === 'string' ? kept : kept.filter((text) => text.includes('abuse'))).toEqual([]);
  });
});
