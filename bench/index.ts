import type { Bench } from './figure.ts';

/** Every bench by name, in the order they run. Loaded when it is its turn: one must not warm up another. */
const benches: Readonly<Record<string, () => Promise<{ readonly default: Bench }>>> = {
  insert: () => import('./insert.ts'),
  search: () => import('./search.ts'),
  find: () => import('./find.ts'),
  photo: () => import('./photo.ts'),
  sync: () => import('./sync.ts'),
  burst: () => import('./burst.ts'),
  idle: () => import('./idle.ts'),
  memory: () => import('./memory.ts'),
  send: () => import('./send.ts'),
  start: () => import('./start.ts'),
  open: () => import('./open.ts'),
  scroll: () => import('./scroll.ts'),
  edit: () => import('./edit.ts'),
  people: () => import('./people.ts'),
  rooms: () => import('./rooms.ts'),
  group: () => import('./group.ts'),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const [name, load] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const { default: bench } = await load();
  for (const figure of await bench()) console.log(JSON.stringify(figure));
}
