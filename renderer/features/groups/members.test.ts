import { createPinia, setActivePinia } from 'pinia';
import { beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { GroupMember } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';

/** The other side of the bridge: a group that is asked for page by page, as the core answers. */
let people: GroupMember[] = [];
let tell: (payload: { id: ConversationId }) => void = () => undefined;
const asked: number[] = [];

interface Page {
  before: string | null;
  limit: number;
}
function members({ before, limit }: Page) {
  asked.push(limit);
  if (limit > 200) throw new Error('The core gives no more than 200 at once');
  const from = before === null ? 0 : people.findIndex(({ nick }) => nick > before);
  const items = people.slice(from, from + limit);
  const next = from + limit < people.length ? (items.at(-1)?.nick ?? null) : null;
  return { ok: true, value: { items, next, total: people.length } };
}

const may = {
  remove: false,
  ban: false,
  mute: false,
  makeModerator: false,
  makeMember: false,
  handOver: false,
};
const person = (nick: string): GroupMember => ({
  address: `${nick}@home.example`,
  nick,
  name: nick,
  avatar: null,
  rank: 'member',
  self: false,
  present: true,
  mutedUntil: null,
  reason: '',
  may,
});
const id = 1 as ConversationId; // the row id of no database
let useMembers: typeof import('./members.ts').useMembers;

beforeAll(async () => {
  const postcard = {
    call: async (name: string, params: Page) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return name === 'groups.members' ? members(params) : { ok: false, code: 'not-found', detail: {} };
    },
    on: (name: string, listener: typeof tell) => {
      if (name === 'groups.membersChanged') tell = listener;
      return () => undefined;
    },
  };
  vi.stubGlobal('window', { postcard });
  ({ useMembers } = await import('./members.ts'));
});
beforeEach(() => {
  setActivePinia(createPinia());
  people = Array.from({ length: 1000 }, (_, n) => person(`p${String(n).padStart(4, '0')}`));
  asked.length = 0;
});

async function readTo(rows: number) {
  const list = useMembers();
  list.start();
  list.open(id);
  onTestFinished(list.close);
  await expect.poll(() => list.items.length).toBe(100);
  while (list.items.length < rows) await list.more();
  return list;
}

it('who has read far down stays there when somebody comes or goes', async () => {
  const list = await readTo(600);
  people = people.filter(({ nick }) => nick !== 'p0003');
  tell({ id });
  await expect.poll(() => list.total).toBe(999);
  expect(list.items).toHaveLength(600);
  expect(list.items.at(-1)?.nick).toBe('p0600');
  expect(list.next).toBe('p0600');
});

it('More works in a group where people come and go all the time', async () => {
  const list = await readTo(100);
  const busy = setInterval(() => tell({ id }), 1);
  for (let rows = 200; rows <= 500; rows += 100) {
    await list.more();
    expect(list.items).toHaveLength(rows);
  }
  clearInterval(busy);
});

it('many changes at once are read once, and nobody stands there twice', async () => {
  const list = await readTo(300);
  asked.length = 0;
  for (let n = 0; n < 200; n += 1) tell({ id });
  people = people.slice(1);
  await expect.poll(() => list.total).toBe(999);
  expect(asked).toEqual([200, 100]);
  expect(new Set(list.items.map(({ nick }) => nick)).size).toBe(300);
});
