import { createServer } from 'node:tls';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { certificateFor } from '../support/certificates.ts';
import { doorOf, password, Person, type DoorName } from '../support/people.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { freePort } from '../support/ports.ts';
import { trust, type TestServer } from '../support/servers.ts';

const doors: DoorName[] = ['webSocket', 'startTls', 'directTls'];
const open: Person[] = [];
const opened = async (person: Promise<Person>) => {
  open.push(await person);
  return person;
};
afterEach(async () => {
  for (const person of open.splice(0)) await person.close();
});

const signIn = async (username: string, server: string, secret = password) => {
  const person = await opened(Person.start());
  return { person, outcome: await person.outcome('accounts.signIn', { username, password: secret, server }) };
};

describeEachServer('sign in', (server) => {
  const doorsOf = (it: TestServer) => doors.filter((door) => it.ports[door] !== null);

  it('creates an account and signs in through every door', async () => {
    for (const door of doorsOf(server())) {
      const name = newName('anna');
      const creator = await opened(Person.create(server(), name, doorOf(server(), door)));
      expect((await creator.call('app.state', {})).account?.address).toBe(`${name}@localhost`);
      const again = await opened(Person.signIn(server(), name, doorOf(server(), door)));
      expect((await again.call('connection.state', {})).state).toBe('connected');
    }
  });

  it('stays signed in after a restart', async () => {
    const person = await opened(Person.create(server(), newName('anna')));
    await person.restart();
    await person.connected();
    expect((await person.call('app.state', {})).phase).toBe('ready');
  });

  it('says that a password is wrong, through every door, and keeps nothing', async () => {
    const name = newName('anna');
    await opened(Person.create(server(), name));
    for (const door of doorsOf(server())) {
      const { person, outcome } = await signIn(`${name}@localhost`, doorOf(server(), door), 'not it');
      expect(outcome).toMatchObject({ ok: false, code: 'wrong-password' });
      expect((await person.call('app.state', {})).phase).toBe('welcome');
    }
  });

  it('says that there is no such account as if the password were wrong', async () => {
    const { outcome } = await signIn('nobody-at-all@localhost', server().webSocket);
    expect(outcome).toMatchObject({ ok: false, code: 'wrong-password' });
  });

  it('says that a user name is taken', async () => {
    const name = newName('anna');
    await opened(Person.create(server(), name));
    const second = await opened(Person.start());
    const outcome = await second.outcome('accounts.create', {
      username: `${name}@localhost`,
      password: 'another one',
      displayName: '',
      server: server().webSocket,
      picture: null,
      form: null,
    });
    expect(outcome).toMatchObject({ ok: false, code: 'username-taken' });
  });

  it('says that nobody answers there', async () => {
    const nowhere = await freePort();
    for (const address of [`ws://127.0.0.1:${nowhere}/xmpp-websocket`, `xmpps://127.0.0.1:${nowhere}`]) {
      const { outcome } = await signIn('anna@localhost', address);
      expect(outcome).toMatchObject({ ok: false, code: 'server-unreachable' });
    }
  });

  it('refuses a connection that others could read', async () => {
    const { outcome } = await signIn('anna@example.org', 'ws://192.0.2.1:5280/xmpp-websocket');
    expect(outcome).toMatchObject({ ok: false, code: 'connection-insecure' });
  });
});

describeEachServer(
  'certificates',
  (server) => {
    it('refuses a certificate that nobody vouches for', async () => {
      const name = newName('anna');
      await opened(Person.create(server(), name));
      trust();
      try {
        for (const door of ['startTls', 'directTls'] as const) {
          const { person, outcome } = await signIn(`${name}@localhost`, doorOf(server(), door));
          expect(outcome).toMatchObject({ ok: false, code: 'certificate-invalid' });
          expect((await person.call('app.state', {})).phase).toBe('welcome');
        }
      } finally {
        trust(server());
      }
    });

    it('refuses a certificate of another domain', async () => {
      const other = certificateFor('other.example');
      trust(server(), other);
      const files = { key: readFileSync(other.key), cert: readFileSync(other.certificate) };
      // It answers nothing: a client that accepted the certificate would wait, and fail with another code.
      const listener = createServer(files, (socket) => socket.resume());
      const port = await freePort();
      await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
      const { outcome } = await signIn('anna@localhost', `xmpps://127.0.0.1:${port}`);
      await new Promise((resolve) => listener.close(resolve));
      trust(server());
      expect(outcome).toMatchObject({ ok: false, code: 'certificate-invalid' });
    });
  },
  { kinds: ['prosody', 'ejabberd'] },
);
