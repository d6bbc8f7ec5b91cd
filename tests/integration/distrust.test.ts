import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { password, Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
import { rawClient } from '../support/raw-client.ts';
import { RogueServer, type Answer } from '../support/rogue-server.ts';
import { until } from '../support/wait.ts';

const friend = 'friend@localhost';
const mallory = 'mallory@localhost';

/** A forged stanza of tests/fixtures/forged with its blanks filled in. */
function forged(name: string, blanks: Record<string, string>): string {
  const xml = readFileSync(fixture(`forged/${name}.xml`), 'utf8').trim();
  return xml.replace(/\{\{(\w+)\}\}/g, (_, blank: string) => {
    const value = blanks[blank];
    if (value === undefined) throw new Error(`${name} needs ${blank}`);
    return value;
  });
}

// A server that says what it likes: the rules must hold in the client, whoever runs the server.
describe('a stanza has no effect unless it comes from who may send it', () => {
  let server: RogueServer;
  let me: Person;
  let answer: Answer = () => null;
  let count = 0;

  beforeEach(async () => {
    answer = () => null;
    server = await RogueServer.start(password, (asked) => answer(asked));
    me = await Person.start();
    await me.call('accounts.signIn', { username: 'me@localhost', password, server: server.url });
    await server.online();
    await me.connected();
  });
  afterEach(async () => {
    await me.close();
    await server.stop();
  });

  const chat = (from: string, id: string, body: string) =>
    `<message xmlns='jabber:client' from='${from}/phone' to='${server.client}' type='chat' id='${id}'>` +
    `<body>${body}</body></message>`;

  /** Everything pushed before has been handled once this genuine message has arrived. */
  const handled = async () => {
    const text = `genuine ${(count += 1)}`;
    server.push(chat(friend, `genuine-${count}`, text));
    await me.message(friend, (m) => m.text === text);
  };
  const allTexts = async () => {
    const { items } = await me.call('conversations.list', { folder: 'inbox', before: null, limit: 50 });
    return (await Promise.all(items.map(({ address }) => me.textsWith(address)))).flat();
  };

  it('1: a carbon counts only from my own address', async () => {
    server.push(forged('1-carbon', { client: server.client }));
    server.push(forged('1-carbon-sent', { client: server.client }));
    const genuine = forged('1-carbon', { client: server.client })
      .replace('mallory@localhost/x', 'me@localhost')
      .replaceAll('forged', 'genuine');
    server.push(genuine);
    await handled();
    const texts = await allTexts();
    expect(texts.filter((text) => text.includes('forged'))).toEqual([]);
    expect(texts).toContain('genuine carbon');
  });

  it('2: an archive result counts only from the archive asked, for its query, while it is open', async () => {
    const result = (from: string, queryid: string, archiveid: string, body: string) =>
      server.push(forged('2-archive-result', { client: server.client, from, queryid, archiveid, body }));
    result('me@localhost', 'never-asked', 'f0', 'forged: nobody asked');
    let answered = '';
    answer = (asked) => {
      if (asked.payload !== 'urn:xmpp:mam:2' || asked.type !== 'set') return null;
      const queryid = /queryid=['"]([^'"]*)/.exec(asked.xml)?.[1] ?? '';
      if (answered !== '') return null;
      answered = queryid;
      result(mallory, queryid, 'f1', 'forged: another archive');
      result('me@localhost.evil.example', queryid, 'f2', 'forged: a similar address');
      result('me@localhost', `${queryid}x`, 'f3', 'forged: another query');
      result('me@localhost', queryid, 'g1', 'genuine: from the archive');
      return (
        "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'>" +
        '<first>g1</first><last>g1</last><count>1</count></set></fin>'
      );
    };
    await me.restart();
    await me.message(friend, (m) => m.text === 'genuine: from the archive');
    result('me@localhost', answered, 'f4', 'forged: the query is closed');
    await handled();
    expect((await allTexts()).filter((text) => text.includes('forged'))).toEqual([]);
  });

  it('3: a roster push counts only from my own account', async () => {
    const push = (id: string, from: string, jid: string, name: string) =>
      server.push(forged('3-roster-push', { client: server.client, id, from, jid, name }));
    push('push-1', mallory, mallory, 'Trusted Bank');
    push('push-2', 'localhost.evil.example', mallory, 'Trusted Bank');
    push('push-3', `${friend}/phone`, friend, 'Renamed By Friend');
    push('push-4', 'me@localhost', 'gina@localhost', 'Gina Genuine');
    await until(() => server.received.some((s) => s.id === 'push-4' && s.type === 'result'), {
      what: 'the answer to the genuine push',
    });
    const accepted = server.received.filter((s) => s.type === 'result').map((s) => s.id);
    expect(accepted.filter((id) => ['push-1', 'push-2', 'push-3'].includes(id))).toEqual([]);
    const found = async (query: string) =>
      (await me.call('people.find', { query })).items.map(({ address }) => address);
    expect(await found('Gina Genuine')).toContain('gina@localhost');
    expect(await found('Trusted Bank')).toEqual([]);
    expect(await found('Renamed')).toEqual([]);
  });

  it('4: an event of a node counts only from the account that owns it', async () => {
    const nora = 'nora@localhost';
    server.push(chat(nora, 'nora-1', 'it is me'));
    await me.message(nora, (m) => m.text === 'it is me');
    const nameOf = async (address: string) => (await me.call('people.get', { address })).name;
    const event = (from: string, nick: string, publisher = nora) =>
      server.push(forged('4-nick-event', { client: server.client, from, nick, publisher }));
    const before = (await me.call('app.state', {})).account?.displayName;
    event(mallory, 'Forged Nora');
    event('room@rooms.localhost/nora', 'Forged Nora');
    event(mallory, 'Forged Me', 'me@localhost');
    event('me@localhost.evil.example', 'Forged Me');
    await handled();
    expect(await nameOf(nora)).not.toContain('Forged');
    expect((await me.call('app.state', {})).account?.displayName).toBe(before);
    event(nora, 'Genuine Nora');
    await until(async () => (await nameOf(nora)) === 'Genuine Nora', {
      what: 'the name that its owner gave',
    });
  });

  it('5: an edit, unsend or reaction by somebody else changes nothing', async () => {
    server.push(chat(friend, 'theirs-1', 'what the friend wrote'));
    const original = await me.message(friend, (m) => m.text === 'what the friend wrote');
    for (const name of ['5-edit', '5-unsend', '5-reaction']) {
      server.push(forged(name, { client: server.client, id: 'theirs-1' }));
    }
    await handled();
    const after = (await me.messagesWith(friend)).find(({ id }) => id === original.id);
    expect(after).toEqual(original);
  });

  it('7: a receipt counts only from the one who got the message', async () => {
    const mine = await me.write(friend, 'did you get this?');
    const wire = await until(() => server.received.find((s) => s.xml.includes('did you get this?')), {
      what: 'the message on the wire',
    });
    server.push(forged('7-receipt', { client: server.client, id: wire.id }));
    await handled();
    expect((await me.messagesWith(friend)).find((m) => m.id === mine.id)?.state).not.toBe('delivered');
  });

  it('9: a message can not hide another one by claiming its id', async () => {
    server.push(forged('9-claimed-archive-id', { client: server.client }));
    server.push(
      chat(friend, 'claims', 'the real one').replace(
        '</message>',
        "<stanza-id xmlns='urn:xmpp:sid:0' by='me@localhost' id='archive-77'/>" +
          "<origin-id xmlns='urn:xmpp:sid:0' id='origin-77'/></message>",
      ),
    );
    await me.message(friend, (m) => m.text === 'the real one');
    await me.message(mallory, (m) => m.text === 'claims an archive id');
  });
});

// The same from an ordinary account, for what real servers pass on.
describeEachServer('forged by another user', (server) => {
  it('a carbon, archive result or roster push changes nothing', async () => {
    const [name, evil] = [newName('anna'), newName('mallory')];
    const anna = await Person.create(server(), name);
    const attacker = await rawClient(server(), evil);
    // Let in, so that nothing is held back from them: only what they forge may fail.
    await anna.letIn(attacker.address);
    const blanks = {
      client: `${name}@localhost`,
      from: attacker.address,
      queryid: 'q',
      archiveid: 'f',
      body: 'forged',
    };
    const asAttacker = (xml: string) => xml.replace(/ from="mallory[^"]*"/, '');
    attacker.sendXml(asAttacker(forged('1-carbon', blanks)));
    attacker.sendXml(asAttacker(forged('2-archive-result', blanks)));
    attacker.sendXml(
      `<message xmlns='jabber:client' to='${name}@localhost' type='chat'><body>genuine</body></message>`,
    );
    await anna.message(attacker.address, (m) => m.text === 'genuine');
    const { items } = await anna.call('conversations.list', { folder: 'inbox', before: null, limit: 50 });
    const texts = (await Promise.all(items.map(({ address }) => anna.textsWith(address)))).flat();
    expect(texts.filter((text) => text.includes('forged'))).toEqual([]);
    await attacker.close();
    await anna.close();
  });
});
