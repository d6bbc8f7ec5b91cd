import { missing, startServer, type TestServer } from '../support/servers.ts';
import { freePort } from '../support/ports.ts';
import { expect, test } from './test.ts';

test.describe('signing in to a server', () => {
  const reason = missing('prosody');
  test.skip(reason !== null, reason ?? '');
  let server: TestServer;
  test.beforeAll(async () => {
    server = await startServer('prosody');
  });
  test.afterAll(() => server.stop());

  test('by address over WebSocket and TLS, with words for what is wrong', async ({ open }) => {
    const env = { NODE_EXTRA_CA_CERTS: server.certificate ?? '' };
    const app = await open({ env });
    const tls = `xmpps://127.0.0.1:${server.ports.directTls}`;
    await app.createAccount({ username: 'olga@localhost', displayName: 'Olga', server: tls });
    await expect(app.status).toHaveText('Connected');

    const second = await open({ env, profile: 'second' });
    const account = { username: 'olga@localhost', server: server.webSocket };
    await second.trySignIn({ ...account, password: 'wrong' });
    await expect(second.page.getByText(/username or the password is not right/)).toBeVisible();
    await second.trySignIn({ ...account, server: `xmpps://127.0.0.1:${await freePort()}` });
    await expect(second.page.getByText(/server does not answer/)).toBeVisible();
    await second.trySignIn(account);
    await expect(second.conversations).toBeVisible();
    await expect(second.status).toHaveText('Connected');
  });

  test('refuses a certificate that nobody vouches for', async ({ open }) => {
    const app = await open();
    const address = `xmpps://127.0.0.1:${server.ports.directTls}`;
    await app.trySignIn({ username: 'olga@localhost', server: address });
    await expect(app.page.getByText(/certificate is not valid/)).toBeVisible();
    await expect(app.welcome).toBeVisible();
  });
});
