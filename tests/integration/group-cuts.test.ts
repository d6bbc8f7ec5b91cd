import { expect, it } from 'vitest';
import { Cable } from '../support/cable.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { doorOf, type DoorName } from '../support/people.ts';
import { seeded } from '../support/random.ts';
import { groupConfig, roomMember } from '../support/room-member.ts';
import { Sender } from '../support/sender.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from '../support/wait.ts';

const total = 120;
const cuts = 20;
const kills = 4;

function chosen(random: () => number, count: number): Set<number> {
  const set = new Set<number>();
  while (set.size < count) set.add(1 + Math.floor(random() * (total - 1)));
  return set;
}

/**
 * Writes 120 messages to a group while the connection is cut 20 times, in the middle of what is being sent, and the app
 * is killed 4 times. Somebody in the group who drops no repeats, and the room's archive, must have each once, in order.
 */
async function storm(server: TestServer, door: DoorName, seed: number): Promise<void> {
  const random = seeded(seed);
  const bert = await roomMember(server, newName('bert'));
  const account = await roomMember(server, newName('anna'));
  await account.close();
  const room = `${newName('storm')}@${(await bert.session.rooms.service()) ?? ''}`;
  await bert.session.rooms.create(room, 'Bert', groupConfig);
  await bert.session.rooms.setAffiliation(room, account.address, 'member', '');

  const cable = await Cable.to(server.ports[door] ?? 0);
  const sender = Sender.toGroup(
    {
      ...{ folder: temporaryFolder('storm'), address: account.address, domain: server.domain },
      ...{ endpoint: doorOf(server, door, cable.port), room, nick: 'Anna', mayLag: server.kind !== 'hub' },
    },
    server.certificate,
  );
  const [cutAt, killAt] = [chosen(random, cuts), chosen(random, kills)];
  let planned = cable.cuts;
  /** The cut before this one has happened, and there is a connection that can be cut. */
  const ready = () =>
    until(
      () => {
        if (cable.cuts < planned) cable.cut();
        return cable.cuts >= planned && cable.carried > 0;
      },
      { what: 'a connection', timeout: 60_000 },
    );
  await sender.start();
  const texts = Array.from({ length: total }, (_, at) => `message ${at + 1}`);
  for (const [at, text] of texts.entries()) {
    if (cutAt.has(at)) {
      await ready();
      planned = cable.cuts + 1;
      cable.cutAfter(Math.floor(random() * 4_000));
    }
    sender.write(text);
    if (killAt.has(at)) {
      // Now and then before the text is stored: then it is not in the window, and is written again.
      if (random() < 0.5) await sender.stored(text);
      await sender.kill();
      const written = await sender.start();
      expect(written.length - at).toBeOneOf([0, 1]);
      if (written.length > at) continue;
      sender.write(text);
    }
    await sender.stored(text);
  }
  await ready();
  const heard = () => bert.of('onMessage').flatMap((m) => (m.peer === room ? [m.body] : []));
  await until(() => heard().length >= total, { what: 'all of them', timeout: 120_000 }).catch(
    async (error: unknown) => {
      throw new Error(`${heard().length} came, the last: ${heard().at(-1)}; ${await sender.state()}`, {
        cause: error,
      });
    },
  );
  expect(heard()).toEqual(texts);
  // It ends once it knows of each message that it has been sent.
  await sender.close();
  expect(heard()).toHaveLength(total);
  const { messages } = await bert.session.rooms.archive(room).page({ max: 250, before: true });
  expect(messages.flatMap(({ body }) => body ?? [])).toEqual(texts);
  expect(cable.cuts).toBeGreaterThanOrEqual(cuts);
  await bert.close();
  await cable.remove();
}

describeEachServer('exactly once in a group', (server) => {
  it('with 20 cuts and 4 kills, resuming streams', () => storm(server(), 'webSocket', 20_271), 280_000);
});

describeEachServer(
  'exactly once in a group where streams are not resumed',
  (server) => {
    it('with 20 cuts and 4 kills, asking the room', () => storm(server(), 'directTls', 20_272), 280_000);
  },
  { resume: 0, kinds: ['prosody', 'ejabberd'] },
);
