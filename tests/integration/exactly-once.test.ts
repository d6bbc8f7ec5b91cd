import { expect, it } from 'vitest';
import { Cable } from '../support/cable.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { acquainted, doorOf, Person } from '../support/people.ts';
import { seeded } from '../support/random.ts';
import { Sender } from '../support/sender.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from '../support/wait.ts';

const total = 200;
const cuts = 30;
const kills = 5;

/** Which messages of the run are followed by a cut or a kill: so many different ones each. */
function chosen(random: () => number, count: number): Set<number> {
  const set = new Set<number>();
  while (set.size < count) set.add(1 + Math.floor(random() * (total - 1)));
  return set;
}

/**
 * Writes 200 messages while the connection is cut 30 times, in the middle of what is being sent, and the app is
 * killed 5 times. The receiving app drops no repeats: it must have each once, in order.
 */
async function storm(server: TestServer, door: 'webSocket' | 'directTls', seed: number): Promise<void> {
  const random = seeded(seed);
  const peer = await foreignPeer(server, newName('peer'));
  const cable = await Cable.to(server.ports[door] ?? 0);
  const person = await Person.create(server, newName('anna'), doorOf(server, door, cable.port));
  await acquainted(person, peer);
  await person.close();

  const sender = new Sender(person.home, peer.address, server.certificate);
  const [cutAt, killAt] = [chosen(random, cuts), chosen(random, kills)];
  /** The cut before this one has happened, and there is a connection that can be cut. */
  const ready = () =>
    until(
      () => {
        // The bytes it waited for did not come, or the connection it was for went with a kill.
        if (cable.cuts < planned) cable.cut();
        return cable.cuts >= planned && cable.carried > 0;
      },
      { what: 'a connection', timeout: 60_000 },
    );
  let planned = cable.cuts;
  await sender.start();
  const texts = Array.from({ length: total }, (_, at) => `message ${at + 1}`);
  for (const [at, text] of texts.entries()) {
    if (cutAt.has(at)) {
      await ready();
      planned = cable.cuts + 1;
      cable.cutAfter(Math.floor(random() * 2_000));
    }
    sender.write(text);
    if (killAt.has(at)) {
      // Now and then before the text is stored: then it is not in the window, and is written again.
      if (random() < 0.5) await sender.stored(text);
      await sender.kill();
      const written = await sender.start();
      expect(written.length - at).toBeOneOf([0, 1]);
      // Stored, and killed before it could say so.
      if (written.length > at) continue;
      sender.write(text);
    }
    await sender.stored(text);
  }
  await ready();
  await expect.poll(() => peer.received.map(({ body }) => body), { timeout: 90_000 }).toEqual(texts);
  await sender.close();
  expect(peer.received).toHaveLength(total);
  expect(cable.cuts).toBeGreaterThanOrEqual(cuts);
  await peer.close();
  await cable.remove();
}

describeEachServer('exactly once', (server) => {
  it('with 30 cuts and 5 kills, resuming streams', () => storm(server(), 'webSocket', 20_261), 280_000);
});

describeEachServer(
  'exactly once where streams are not resumed',
  (server) => {
    // The hub always resumes; server-killed.test.ts has the case where it can't.
    it('with 30 cuts and 5 kills, asking the archive', () => storm(server(), 'directTls', 20_262), 280_000);
  },
  { resume: 0, kinds: ['prosody', 'ejabberd'] },
);
