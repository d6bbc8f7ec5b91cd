import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { Audience } from '../../contract/account-settings.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { projectRoot } from '../support/folders.ts';
import { Person } from '../support/people.ts';
import { sender, type Kind, type Relation, type Sender } from '../support/senders.ts';
import { missing, serverKinds } from '../support/servers.ts';
import { until } from '../support/wait.ts';

/** What became of one attempt: where it is on the person's side, and what its sender was told. */
interface Attempt {
  readonly server: string;
  readonly choice: Audience;
  readonly relation: Relation;
  readonly presence: 'online' | 'offline';
  readonly kind: Kind;
  readonly arrived: 'inbox' | 'Requests' | 'held back' | 'nothing';
  readonly refused: boolean;
}

const choices = ['everyone', 'friends', 'no-one'] as const satisfies readonly Audience[];
const relations = ['stranger', 'follower', 'friend'] as const satisfies readonly Relation[];
const kinds = ['text', 'photo', 'invitation'] as const satisfies readonly Kind[];
const presences = ['online', 'offline'] as const;
const page = join(projectRoot, 'docs', 'who-can-reach-me.md');
const seen: Attempt[] = [];

/** ms in which what has left must have arrived or come back; beyond that it is nowhere. */
const SETTLED = 1500;

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});

async function whereIs(anna: Person, address: string, id: string): Promise<Attempt['arrived']> {
  const { items, invitations } = await anna.call('requests.list', { before: null, limit: 200 });
  if (invitations.some(({ room }) => room.startsWith(id))) return 'Requests';
  const asked = items.find((item) => item.address === address);
  if (asked !== undefined) return asked.text === id || asked.photo ? 'Requests' : 'held back';
  const inbox = await anna.call('conversations.list', { folder: 'inbox', before: null, limit: 200 });
  const found = inbox.items.find((item) => item.address === address);
  return found?.lastMessage ? 'inbox' : 'nothing';
}

interface Tried {
  readonly by: Sender;
  readonly kind: Kind;
  readonly id: string;
}

const ended = async (anna: Person, { by, id }: Tried) =>
  by.refused(id) || (await whereIs(anna, by.client.address, id)) !== 'nothing';

/** Waits until each has come to an end, or it is certain that it comes to none. */
async function settle(anna: Person, tried: readonly Tried[]): Promise<void> {
  const end = performance.now() + SETTLED;
  const all = async () => {
    for (const one of tried) if (!(await ended(anna, one))) return performance.now() > end;
    return true;
  };
  await until(all, { what: 'all attempts to end' });
}

async function tell(anna: Person, choice: Audience): Promise<void> {
  await anna.call('accountSettings.set', { whoCanMessage: choice });
  const told = async () => {
    const { enforcedBy, waiting } = await anna.call('reach.state', {});
    return enforcedBy !== 'unknown' && !waiting;
  };
  await until(told, { what: 'the server to know the choice' });
}

describeEachServer('who can reach me', (server) => {
  it.each(choices)('%s', { timeout: 180_000 }, async (choice) => {
    const name = newName('anna');
    const address = `${name}@localhost`;
    const anna = await Person.create(server(), name);
    toClose.push(anna);
    const senders: Record<string, Sender> = {};
    for (const presence of presences)
      for (const relation of relations)
        for (const kind of kinds) {
          const one = await sender(server(), anna, address, relation);
          toClose.push(one.client);
          senders[`${presence} ${relation} ${kind}`] = one;
        }
    await tell(anna, choice);
    for (const presence of presences) {
      if (presence === 'offline') await anna.close();
      const tried = relations.flatMap((relation) =>
        kinds.map((kind): Tried => {
          const by = senders[`${presence} ${relation} ${kind}`]!; // made above, one for each
          return { by, kind, id: by.send(kind) };
        }),
      );
      // A pong comes after everything that was sent before the ping.
      for (const { by } of tried) await by.client.agent.ping();
      if (presence === 'offline') {
        await anna.open();
        await anna.connected();
      }
      await settle(anna, tried);
      for (const { by, kind, id } of tried) {
        const arrived = await whereIs(anna, by.client.address, id);
        const { relation } = by;
        seen.push({
          server: server().kind,
          choice,
          relation,
          presence,
          kind,
          arrived,
          refused: by.refused(id),
        });
      }
    }
    const mine = seen.filter((one) => one.server === server().kind && one.choice === choice);
    for (const one of mine) {
      const let_in = choice === 'everyone' || (choice === 'friends' && one.relation === 'friend');
      if (one.kind !== 'invitation' && !let_in) expect(one).toMatchObject({ arrived: 'nothing' });
      if (one.kind !== 'invitation' && let_in && one.relation === 'friend')
        expect(one).toMatchObject({ arrived: 'inbox', refused: false });
      if (one.kind === 'invitation' && one.relation !== 'friend')
        expect(one).toMatchObject({ arrived: choice === 'everyone' ? 'Requests' : 'nothing' });
    }
    // Nobody can tell Friends, No one and what they are to somebody apart.
    expect(
      new Set(mine.filter((m) => m.arrived === 'nothing' && m.kind === 'text').map((m) => m.refused)).size,
    ).toBeLessThanOrEqual(1);
  });
});

const words: Record<Audience, string> = { everyone: 'Everyone', friends: 'Friends', 'no-one': 'No one' };
const cell = (one: Attempt) => `${one.arrived}${one.refused ? ', Not sent' : ''}`;

function table(): string {
  const head = ['choice', 'sender', 'recipient', 'what', ...serverKinds];
  const lines = choices.flatMap((choice) =>
    relations.flatMap((relation) =>
      presences.flatMap((presence) =>
        kinds.map((kind) => {
          const cells = serverKinds.map((server) => {
            const found = seen.find(
              (s) =>
                s.server === server &&
                s.choice === choice &&
                s.relation === relation &&
                s.presence === presence &&
                s.kind === kind,
            );
            return found ? cell(found) : '—';
          });
          return [words[choice], relation, presence, kind, ...cells];
        }),
      ),
    ),
  );
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line)].join('\n');
}

const introduction = `# Who can reach me: what really happens

Written by \`tests/integration/who-can-reach-me.test.ts\` from what it saw; it fails where this page says something
else (\`UPDATE_DOCS=1\` writes it anew). Each line is one attempt by a fresh account: a _stranger_, somebody who follows
without being followed back (_follower_), and a _friend_. First where it is afterwards at the recipient, who was online
or offline at the time: in the inbox, in Requests, held back by the server until the sender is let in, or nowhere.
Then _Not sent_ where the sender's own server said so. "Who can invite me" is _Friends_, as it is at first.
`;

afterAll(() => {
  // Only where every server is there can the page be told.
  const whole = serverKinds.every((kind) => missing(kind) === null);
  if (!whole || seen.length < serverKinds.length * choices.length * relations.length * 6) return;
  const text = `${introduction}\n${table()}\n`;
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, text);
  expect(readFileSync(page, 'utf8')).toBe(text);
});
