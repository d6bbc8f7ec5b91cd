import { Person } from './support/people.ts';
import { startHub } from '../main/hub/index.ts';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
const hub = await startHub({ folder: mkdtempSync('/tmp/hub-'), port: 0, homeId: 'x' });
const a = await Person.start();
let t = Date.now();
await a.call('accounts.create', {
  username: 'ada@localhost',
  password: 'secret-1',
  displayName: 'Ada',
  server: hub.url,
  picture: null,
  form: null,
});
console.log('create', Date.now() - t);
const b = await Person.start({ home: a.home, profile: 'second' });
await b.call('accounts.create', {
  username: 'bob@localhost',
  password: 'secret-1',
  displayName: 'Bob B',
  server: hub.url,
  picture: null,
  form: null,
});
console.log('state', await b.call('connection.state', {}));
const found = await a.call('people.find', { query: 'Bob' });
console.log(JSON.stringify(found));
const c = await a.call('conversations.start', { address: 'bob@localhost' });
t = Date.now();
const m = await a.call('messages.send', { conversationId: c.id, text: 'Hello Bob' });
console.log(m.state, Date.now() - t);
const st = await a.call('photos.stage', {
  conversationId: c.id,
  source: {
    kind: 'path',
    path:
      '/work/main/tests/fixtures/' + readdirSync('/work/main/tests/fixtures').find((f) => /jpe?g$/.test(f)),
  },
});
await a.call('photos.setCaption', { id: st.id, caption: 'Sunset' });
console.log(await a.call('photos.preview', { id: st.id, quality: 'standard', keepLocation: false }));
const s = await a.call('photos.send', { conversationId: c.id, quality: 'standard', keepLocation: false });
console.log(s.map((x) => [x.state, x.text, x.attachments[0]]));
await new Promise((r) => setTimeout(r, 3000));
console.log(
  JSON.stringify(await b.call('conversations.list', { folder: 'inbox', before: null, limit: 20 }), null, 1),
);
const bc = (await b.call('conversations.list', { folder: 'inbox', before: null, limit: 20 })).items.find(
  (x) => x.address === 'ada@localhost',
)!;
console.log(
  JSON.stringify(
    await b.call('messages.page', { conversationId: bc.id, at: { kind: 'newest' }, limit: 20 }),
    null,
    1,
  ),
);
console.log(
  JSON.stringify(
    (await a.call('messages.page', { conversationId: c.id, at: { kind: 'newest' }, limit: 20 })).items.map(
      (m) => [m.text, m.state],
    ),
  ),
);
console.log(
  readFileSync(
    a.home + '/profiles/default/' + readdirSync(a.home + '/profiles/default').find((f) => /log/.test(f))!,
    'utf8',
  ),
);
await a.close();
await b.close();
await hub.close();
process.exit(0);
