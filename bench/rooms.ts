import { setTimeout as delay } from 'node:timers/promises';
import { removeFolder } from '../tests/support/folders.ts';
import { startServer } from '../tests/support/servers.ts';
import { until } from '../tests/support/wait.ts';
import { quantile, type Figure } from './figure.ts';
import { Listener, makeAccounts, makeRoom, ROOM } from './room-crowd.ts';

const MEMBERS = 1000;
/** Messages a second, and for how many seconds. */
const RATE = 50;
const SECONDS = 20;

/** Says so many a second, each by somebody else; ms until some of those who listen have it. */
async function talk(all: readonly Listener[], listening: readonly Listener[]): Promise<number[]> {
  const times: number[] = [];
  const pattern = /<body>(\d+\.\d+)</;
  for (const one of listening)
    one.listen((frame) => {
      const sent = pattern.exec(frame)?.[1];
      if (sent !== undefined) times.push(performance.now() - Number(sent));
    });
  const began = performance.now();
  for (let n = 0; n < RATE * SECONDS; n += 1) {
    const due = began + (n * 1000) / RATE;
    if (due > performance.now()) await delay(due - performance.now());
    const body = performance.now().toFixed(3);
    all[(n * 7) % all.length]?.send(
      `<message xmlns='jabber:client' to='${ROOM}' type='groupchat' id='n${n}'><body>${body}</body></message>`,
    );
  }
  await until(() => times.length === RATE * SECONDS * listening.length, {
    what: 'all messages',
    timeout: 300_000,
  });
  for (const one of listening) one.listen(null);
  return times;
}

/** A group of 1,000 on the hub, everybody connected: entering it, and 50 messages a second to all of them. */
export default async function rooms(): Promise<readonly Figure[]> {
  const server = await startServer('hub');
  const all: Listener[] = [];
  try {
    for (const user of await makeAccounts(server, MEMBERS)) {
      const one = new Listener(server.webSocket, user);
      all.push(one);
      await one.logIn();
    }
    const [owner, ...members] = all;
    if (owner === undefined) throw new Error('nobody is there');
    await makeRoom(
      owner,
      members.map(({ user }) => user),
    );
    const began = performance.now();
    const single: number[] = [];
    await Promise.all(members.slice(0, -50).map((one) => one.enter()));
    const together = performance.now() - began;
    for (const one of members.slice(-50)) single.push(await one.enter());
    const times = await talk(
      all,
      all.filter((_, at) => at % 100 === 0),
    );
    return [
      { name: 'room-enter-together', value: Math.round(together), unit: 'ms' },
      { name: 'room-enter-p95', value: Math.round(quantile(single, 0.95)), unit: 'ms' },
      { name: 'room-message-p50', value: Math.round(quantile(times, 0.5)), unit: 'ms' },
      { name: 'room-message-p95', value: Math.round(quantile(times, 0.95)), unit: 'ms' },
    ];
  } finally {
    for (const one of all) one.close();
    await server.stop();
    removeFolder(server.folder);
  }
}
