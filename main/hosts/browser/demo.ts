import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { startApplication, type Application } from '../../app.ts';
import { prepareProfile, readCommandLine } from '../../cli.ts';
import type { ParsedParams } from '../../../contract/index.ts';
import { makeClub } from './demo-club.ts';
import { cast, scenes, you, type Person } from './demo-cast.ts';
import { createBrowserPorts } from './ports.ts';

/**
 * Fills a new home for `npm run demo`: people on a hub of its own, who have written to the account that the app
 * then opens with. Everything goes the way it goes for people: through the core, over XMPP.
 */
const version = 'demo';
const built = new URL('./', import.meta.url);

/** ms until a message has to be with the hub. */
const patience = 60_000;

type ConversationId = ParsedParams<'conversations.get'>['id'];

async function fill(home: string): Promise<void> {
  const pictures = join(home, 'demo-pictures');
  // Before any app is started: the image worker takes SVG away from the whole process.
  await drawAll(pictures);
  const mine = await signUp(home, 'default', you, pictures);
  const { account } = await mine.handlers['app.state']({});
  if (account === null) throw new Error('the demo account was not made');
  const apps: Application[] = [];
  for (const person of cast) {
    const theirs = await signUp(home, person.username, person, pictures);
    // People one knows: strangers would wait in Requests.
    await mine.handlers['requests.accept']({
      address: `${person.username}@${account.address.split('@')[1] ?? ''}`,
    });
    await writeTo(theirs, account.address, person, pictures);
    apps.push(theirs);
  }
  await makeClub(mine, apps, (conversationId) => allSent(mine, conversationId));
  for (const app of [...apps, mine]) await app.close();
}

const faceOf = (pictures: string, person: Person) => join(pictures, `${person.username}.jpg`);
const photoOf = (pictures: string, person: Person, n: number) =>
  join(pictures, `${person.username}-${String(n)}.jpg`);

async function drawAll(pictures: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  for (const person of [you, ...cast]) {
    await draw(faceOf(pictures, person), person.picture, 512, 512);
    for (const [n, { scene }] of person.photos.entries()) {
      await draw(photoOf(pictures, person, n), scene, 2400, 1600);
    }
  }
}

/** One person's app: an account on this home's hub, with a name and a picture. */
async function signUp(home: string, profile: string, person: Person, pictures: string): Promise<Application> {
  const folder = prepareProfile(home, profile);
  const nothing = () => undefined;
  const ports = createBrowserPorts({ folder, built, log: nothing, quit: nothing });
  const app = await startApplication(ports, { home, profile, hubPort: null, version });
  await app.handlers['accounts.create']({
    username: person.username,
    // Nobody signs in by hand: the app keeps it, and the folder is thrown away.
    password: `demo-${person.username}`,
    displayName: person.name,
    server: 'This computer',
    picture: { kind: 'path', path: faceOf(pictures, person) },
    form: null,
  });
  return app;
}

async function writeTo(app: Application, address: string, person: Person, pictures: string): Promise<void> {
  const { id } = await app.handlers['conversations.start']({ address });
  for (const text of person.says)
    await app.handlers['messages.send']({ conversationId: id, text, anyway: true });
  for (const [n, { caption }] of person.photos.entries()) {
    const source = { kind: 'path', path: photoOf(pictures, person, n) } as const;
    const staged = await app.handlers['photos.stage']({ conversationId: id, source });
    await app.handlers['photos.setCaption']({ id: staged.id, caption });
  }
  await app.handlers['photos.send']({
    conversationId: id,
    quality: 'standard',
    metadata: 'credit',
    sharpen: true,
    anyway: true,
  });
  await allSent(app, id);
}

/** Resolves when nothing waits in the conversation any more. */
async function allSent(app: Application, conversationId: ConversationId): Promise<void> {
  for (const until = Date.now() + patience; ;) {
    const { items } = await app.handlers['messages.page']({
      conversationId,
      at: { kind: 'newest' },
      limit: 100,
    });
    if (items.every(({ state }) => state !== 'sending')) return;
    if (Date.now() > until) throw new Error('the demo messages were not sent');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function draw(file: string, scene: keyof typeof scenes, width: number, height: number): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" preserveAspectRatio="xMidYMid slice">${scenes[scene]}</svg>`;
  await sharp(Buffer.from(svg), { density: 300 })
    .resize(width, height, { fit: 'cover' })
    .jpeg({ quality: 90 })
    .toFile(file);
}

const line = readCommandLine('start', process.argv.slice(2), version);
// Sample people belong into a throw-away home, which scripts/demo.mjs makes: never into the person's own.
const given = process.argv.some((argument) => argument.startsWith('--home'));
if (!given) {
  process.stderr.write('The demo is filled by npm run demo, into a folder of its own.\n');
  process.exit(2);
}
if ('run' in line) await fill(line.run.home);
// The hub's worker and the image worker have ended with their apps; nothing else is worth waiting for.
process.exit(0);
