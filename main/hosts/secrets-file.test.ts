import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSecrets, type Sealer } from './secrets-file.ts';

const fresh = () => join(mkdtempSync(join(tmpdir(), 'postcard-secrets-')), 'secrets.json');

/** Reverses, so that what is in the file is not the secret. */
const reversing: Sealer = {
  seal: (text) => [...text].reverse().join(''),
  open: (sealed) => [...sealed].reverse().join(''),
};

describe('secrets', () => {
  it('keeps, replaces and deletes', async () => {
    const file = fresh();
    const secrets = createSecrets(file, null);
    expect(secrets.kind).toBe('file');
    expect(await secrets.get('password')).toBeNull();
    await secrets.set('password', 'one');
    await secrets.set('password', 'two ✉');
    expect(await createSecrets(file, null).get('password')).toBe('two ✉');
    await secrets.delete('password');
    await secrets.delete('password');
    expect(await secrets.get('password')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')(
    'writes with mode 0600 whatever the umask, and leaves nothing beside it',
    async () => {
      const file = fresh();
      const before = process.umask(0);
      try {
        await createSecrets(file, null).set('password', 'x');
      } finally {
        process.umask(before);
      }
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(join(file, '..'))).toEqual(['secrets.json']);
    },
  );

  it('loses nothing when several are written at once', async () => {
    const secrets = createSecrets(fresh(), null);
    const keys = Array.from({ length: 20 }, (_, n) => `key ${String(n)}`);
    await Promise.all(keys.map((key) => secrets.set(key, `value of ${key}`)));
    for (const key of keys) expect(await secrets.get(key)).toBe(`value of ${key}`);
  });

  it('seals where there is a sealer', async () => {
    const file = fresh();
    const secrets = createSecrets(file, reversing);
    expect(secrets.kind).toBe('system');
    await secrets.set('password', 'hunter2');
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
    expect(await secrets.get('password')).toBe('hunter2');
  });

  it('seals what the other host had left in plain, as soon as it is read', async () => {
    const file = fresh();
    await createSecrets(file, null).set('password', 'hunter2');
    expect(await createSecrets(file, reversing).get('password')).toBe('hunter2');
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
  });

  it('says so when a sealed secret can not be opened', async () => {
    const file = fresh();
    await createSecrets(file, reversing).set('password', 'hunter2');
    const broken: Sealer = {
      ...reversing,
      open: () => {
        throw new Error('wrong key');
      },
    };
    await expect(createSecrets(file, null).get('password')).rejects.toMatchObject({
      code: 'secret-unavailable',
    });
    await expect(createSecrets(file, broken).get('password')).rejects.toMatchObject({
      code: 'secret-unavailable',
    });
  });

  it.each(['', '{"password":', '[]', '{"password":"bare"}'])(
    'takes the broken file %j for empty',
    async (text) => {
      const file = fresh();
      writeFileSync(file, text);
      const secrets = createSecrets(file, null);
      expect(await secrets.get('password')).toBeNull();
      await secrets.set('password', 'new');
      expect(await secrets.get('password')).toBe('new');
    },
  );
});
