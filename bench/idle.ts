import { setTimeout as delay } from 'node:timers/promises';
import { Person } from '../tests/support/people.ts';
import { removeFolder } from '../tests/support/folders.ts';
import type { Figure } from './figure.ts';
import { show } from './shown.ts';
import { family, processorTime, usageMissing } from './usage.ts';

const conversations = 50;
/** Until everything that follows a start is over, ms. */
const settling = 20_000;
/** POSTCARD_BENCH_SECONDS for another length. */
const seconds = Number(process.env['POSTCARD_BENCH_SECONDS'] ?? 60);

/** A home with somebody on the built-in hub who has begun 50 conversations. */
async function home(): Promise<string> {
  const person = await Person.start();
  await person.call('accounts.create', {
    username: 'idle',
    password: 'secret-1',
    displayName: 'Idle',
    server: '',
    picture: null,
    form: null,
  });
  await person.connected();
  for (let i = 0; i < conversations; i += 1) await person.conversationWith(`person${i}@localhost`);
  await person.close();
  return person.home;
}

/** Share of a core that the app uses while nothing happens: the host with its hub, and the page with its browser. */
export default async function idle(): Promise<readonly Figure[]> {
  const reason = usageMissing();
  if (reason !== null) {
    console.error(`Skipped: idle, since ${reason}`);
    return [];
  }
  const folder = await home();
  const app = await show(folder);
  try {
    await delay(settling);
    const page = family(app.browser);
    const before = { host: processorTime([app.host]), page: processorTime(page) };
    const begin = performance.now();
    await delay(seconds * 1000);
    const time = performance.now() - begin;
    const share = (used: number) => Number((used / time).toPrecision(3));
    return [
      { name: 'idle', value: share(processorTime([app.host]) - before.host), unit: 'ratio' },
      { name: 'idle-page', value: share(processorTime(page) - before.page), unit: 'ratio' },
    ];
  } finally {
    await app.close();
    removeFolder(folder);
  }
}
