import { chromium, expect, type Browser, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '../main/hub/store/database.ts';
import { answersOf, watchAnswers, type Answers } from '../tests/e2e/answering.ts';
import { launchBrowserHost } from '../tests/e2e/launch/browser-host.ts';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { Postcard } from '../tests/e2e/pages/postcard.ts';
import { removeFolder, temporaryFolder } from '../tests/support/folders.ts';
import { startServer, type TestServer } from '../tests/support/servers.ts';
import { until } from '../tests/support/wait.ts';
import { median, quantile, type Figure } from './figure.ts';
import { installProbe } from './probe.ts';
import { Listener, makeAccounts, makeRoom, ROOM, ROOM_NAME } from './room-crowd.ts';

const MEMBERS = 1000;
/** Of them, who are connected and talk: the window is what is measured, and 1,000 connections are the hub's bench. */
const TALKING = 20;
const HISTORY = 100_000;
/** Messages a second, and for how many seconds. */
const RATE = 50;
const SECONDS = Number(process.env['POSTCARD_BENCH_SECONDS'] ?? 60);

/** Puts so many messages into the room's archive: what one that was really said looks like, with other ids and words. */
async function fillHistory(server: TestServer, owner: Listener): Promise<void> {
  const said = `<message xmlns='jabber:client' to='${ROOM}' type='groupchat' id='model'><body>The model</body></message>`;
  await owner.ask(said, 'The model');
  owner.close();
  await server.stop();
  const db = openDatabase(join(server.folder, 'hub', 'hub.sqlite'));
  try {
    const query = "SELECT * FROM room_archive WHERE xml LIKE '%The model%'";
    const model = db.prepare<[], { id: number; room: number; at: number; xml: string }>(query).get();
    if (model === undefined) throw new Error('nothing was archived');
    const { id, room, at } = model;
    const insert = db.prepare(
      "INSERT INTO room_archive (id, room, at, occupant, nick, xml) VALUES (?, ?, ?, 'made', 'm0', ?)",
    );
    db.transaction(() => {
      for (let n = 1; n <= HISTORY; n += 1) {
        const words = `Message ${n} ${'with some words '.repeat(n % 9)}`;
        const xml = model.xml
          .replaceAll(`id="${id}"`, `id="${id + n}"`)
          .replaceAll('model"', `old${n}"`)
          .replace('The model', words);
        insert.run(id + n, room, at + n, xml);
      }
    })();
  } finally {
    db.close();
  }
  await server.start();
}

/** ms from the click on Accept until the group's last messages are painted. */
async function joining(page: Page): Promise<number> {
  const shown = page.evaluate(async () => {
    const clicked = window.probe.event('click');
    const at = await clicked;
    await window.probe.appears(() => document.querySelectorAll('[role=log] article').length >= 10);
    return (await window.probe.painted()) - at;
  });
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  return shown;
}

/** Everybody talks in turns, while letters are typed and taken back in the window. */
async function talk(page: Page, crowd: readonly Listener[]): Promise<Answers> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
  await watchAnswers(page);
  let talking = true;
  const typing = (async () => {
    while (talking) for (const key of ['a', 'Backspace']) await page.keyboard.press(key, { delay: 50 });
  })();
  const began = performance.now();
  for (let n = 0; n < RATE * SECONDS; n += 1) {
    const due = began + (n * 1000) / RATE;
    if (due > performance.now()) await delay(due - performance.now());
    crowd[n % crowd.length]?.send(
      `<message xmlns='jabber:client' to='${ROOM}' type='groupchat' id='n${n}'><body>Said ${n}.</body></message>`,
    );
  }
  await page
    .getByRole('log')
    .getByText(`Said ${RATE * SECONDS - 1}.`)
    .waitFor();
  talking = false;
  await typing;
  return answersOf(page);
}

/** How many of what was said are in the app's store, each once. */
function stored(home: string): { all: number; different: number } {
  const [file] = globSync(join(home, 'profiles/*/accounts/*/postcard.sqlite'));
  if (file === undefined) throw new Error('no store was made');
  const db = new Database(file, { readonly: true });
  try {
    const query =
      "SELECT count(*) AS 'all', count(DISTINCT text) AS different FROM message WHERE text LIKE 'Said %'";
    const found = db.prepare<[], { all: number; different: number }>(query).get();
    return found ?? { all: 0, different: 0 };
  } finally {
    db.close();
  }
}

async function measure(browser: Browser, server: TestServer, home: string): Promise<readonly Figure[]> {
  const users = await makeAccounts(server, MEMBERS);
  const owner = new Listener(server.webSocket, 'm0');
  await owner.logIn();
  await makeRoom(owner, users.slice(1));
  await fillHistory(server, owner);
  const crowd: Listener[] = [];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(installProbe, '');
  const driver = await launchBrowserHost(browser, { home, context });
  const app = new Postcard(driver, () => undefined);
  try {
    for (const user of users.slice(0, TALKING)) {
      const one = new Listener(server.webSocket, user);
      crowd.push(one);
      await one.logIn();
      await one.enter();
    }
    await app.createAccount({ username: 'visitor', displayName: 'Visitor', server: server.webSocket });
    crowd[0]?.send(
      `<message xmlns='jabber:client' to='${ROOM}'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='visitor@localhost'><reason>${ROOM_NAME}</reason></invite></x></message>`,
    );
    await app.openRequests();
    const list = app.page.getByRole('list', { name: 'Invitations', exact: true });
    await list.getByRole('link', { name: ROOM_NAME, exact: true }).click();
    const joined = await joining(app.page);
    const answers = await talk(app.page, crowd);
    await until(() => stored(home).all >= RATE * SECONDS, { what: 'all that was said', timeout: 60_000 });
    const nodes = await app.page.locator('[role=log] article').count();
    expect(stored(home)).toEqual({ all: RATE * SECONDS, different: RATE * SECONDS });
    const ms = (name: string, value: number): Figure => ({ name, value: Math.round(value), unit: 'ms' });
    return [
      ms('group-join', joined),
      ms('group-key-p50', median(answers.keys)),
      ms('group-key-p95', quantile(answers.keys, 0.95)),
      ms('group-answer-p50', median(answers.core)),
      ms('group-answer-p95', quantile(answers.core, 0.95)),
      ms('group-answer-longest', Math.max(...answers.core)),
      { name: 'group-nodes', value: nodes, unit: 'ratio' },
    ];
  } finally {
    for (const one of crowd) one.close();
    await driver.close();
  }
}

/**
 * The window of somebody who comes into a group of 1,000 with 100,000 messages on the hub: its latest page, then 50
 * messages a second while they type. Throws where one of those is missing or there twice.
 */
export default async function group(): Promise<readonly Figure[]> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  const server = await startServer('hub');
  const home = temporaryFolder('bench-group');
  try {
    return await measure(browser, server, home);
  } finally {
    await browser.close();
    await server.stop();
    removeFolder(server.folder);
    removeFolder(home);
  }
}
