import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { password, Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
import { RogueServer } from '../support/rogue-server.ts';
import { until } from '../support/wait.ts';

const friend = 'friend@localhost';
const picture = readFileSync(fixture('photo.webp'));

let files: Server;
let answer: (response: ServerResponse) => void;
let asked: number;
let server: RogueServer;
let me: Person;

const give = (response: ServerResponse) => void response.writeHead(200).end(picture);

beforeEach(async () => {
  asked = 0;
  answer = give;
  files = createServer((_, response) => {
    asked += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  server = await RogueServer.start(password);
  me = await Person.start();
  await me.call('accounts.signIn', { username: 'me@localhost', password, server: server.url });
  await me.connected();
});
afterEach(async () => {
  await me.close();
  await server.stop();
  files.closeAllConnections();
  await new Promise((resolve) => files.close(resolve));
});

const address = () => `http://127.0.0.1:${(files.address() as AddressInfo).port}/a.webp`;

function sendPicture(urls = [address()]): void {
  const links = urls.map((url) => `<x xmlns='jabber:x:oob'><url>${url}</url></x>`).join('');
  server.push(
    `<message xmlns='jabber:client' from='${friend}/x' to='${server.client}' type='chat' id='p${urls.length}'>` +
      `<body>${urls[0]}</body>${links}</message>`,
  );
}

const stateIs = (state: string) =>
  until(async () => (await me.messagesWith(friend)).at(-1)?.attachments[0]?.state === state, {
    what: `the picture to be ${state}`,
  });

it('a picture that breaks off is fetched again', async () => {
  answer = (response) => {
    answer = give;
    response.writeHead(200, { 'content-length': picture.length });
    response.write(picture.subarray(0, 100), () => response.destroy());
  };
  sendPicture();
  await stateIs('ready');
  expect(asked).toBe(2);
});

it('a picture that is gone is not asked for again', async () => {
  answer = (response) => void response.writeHead(404).end();
  sendPicture();
  await stateIs('failed');
  expect(asked).toBe(1);
});

it('a picture that broke off with the connection comes with the next one, without a look at it', async () => {
  const events = () =>
    me.events('messages.changed').flatMap(({ items }) => items.flatMap((m) => m.attachments));
  answer = (response) => {
    answer = (late) => {
      answer = give;
      late.destroy();
    };
    server.cut();
    response.destroy();
  };
  sendPicture();
  await until(() => events().some(({ state }) => state === 'ready'), { what: 'the picture' });
});

it('of ten thousand files in one message a few are taken', async () => {
  sendPicture(Array.from({ length: 10_000 }, (_, at) => `${address()}?${at}`));
  const message = await me.message(friend, (m) => m.attachments.length > 0);
  expect(message.attachments.length).toBeLessThanOrEqual(32);
});
