import { describe, expect, it } from 'vitest';
import { PostcardError } from '../contract/errors.ts';
import { methodNames, type Handlers } from '../contract/index.ts';
import { createDispatch } from './dispatch.ts';

/** Every handler returns its parsed params, unless a test gives another. */
function dispatchWith(over: Partial<Handlers> = {}) {
  const lines: string[] = [];
  const echo = Object.fromEntries(methodNames.map((name) => [name, (params: unknown) => params]));
  // An echo has the wrong result types on purpose: what is tested is the way there and back.
  const handlers = { ...echo, ...over } as unknown as Handlers;
  return { call: createDispatch(handlers, (line) => lines.push(line)), lines };
}

describe('dispatch', () => {
  it('calls the handler with parsed params: trimmed, and without unknown keys', async () => {
    const { call } = dispatchWith();
    expect(await call('conversations.start', { address: '  ann@example.org ', extra: 1 })).toEqual({
      ok: true,
      value: { address: 'ann@example.org' },
    });
  });

  it.each([
    'nothing.here',
    'toString',
    '__proto__',
    'constructor',
    'messages.changed',
    '',
    null,
    7,
    {},
    ['app.state'],
  ])('refuses the name %j', async (name) => {
    const { call } = dispatchWith();
    expect(await call(name, {})).toMatchObject({ ok: false, code: 'unknown-method' });
  });

  it.each([
    undefined,
    null,
    'x',
    3,
    {},
    { conversationId: '1', text: 'a' },
    { conversationId: 1, text: '  ' },
  ])('refuses the argument %j of messages.send, and does not call the handler', async (params) => {
    let called = false;
    const { call, lines } = dispatchWith({
      'messages.send': () => {
        called = true;
        throw new Error('must not be called');
      },
    });
    expect(await call('messages.send', params)).toMatchObject({ ok: false, code: 'invalid-argument' });
    expect(called).toBe(false);
    expect(lines).toEqual([]);
  });

  it('says where an argument is wrong, but not what it was', async () => {
    const { call } = dispatchWith();
    const outcome = await call('messages.send', { conversationId: 1, text: 42 });
    expect(outcome).toEqual({ ok: false, code: 'invalid-argument', detail: { at: 'text' } });
  });

  it('lets an expected failure cross with its code and detail, unlogged', async () => {
    const { call, lines } = dispatchWith({
      'messages.send': () => {
        throw new PostcardError('text-too-long', { limit: 20_000 });
      },
    });
    expect(await call('messages.send', { conversationId: 1, text: 'hello' })).toEqual({
      ok: false,
      code: 'text-too-long',
      detail: { limit: 20_000 },
    });
    expect(lines).toEqual([]);
  });

  it('logs a bug once, with its stack and without its message', async () => {
    const { call, lines } = dispatchWith({
      'accounts.updatePassword': () => Promise.reject(new TypeError('bad password hunter2')),
    });
    expect(await call('accounts.updatePassword', { password: 'hunter2' })).toEqual({
      ok: false,
      code: 'internal',
      detail: {},
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^accounts\.updatePassword: TypeError\n\s+at /);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('takes what is thrown and is no Error for a bug too', async () => {
    const { call, lines } = dispatchWith({
      'app.quit': () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is the case under test
        throw 'secret text';
      },
    });
    expect(await call('app.quit', {})).toMatchObject({ ok: false, code: 'internal' });
    expect(lines).toEqual(['app.quit: threw a string']);
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['SQLITE_FULL', 'disk-full'],
    ['EROFS', 'folder-unwritable'],
    ['SQLITE_CORRUPT', 'database-broken'],
  ])('turns %s into %s, also as the cause of another error', async (from, to) => {
    const disk = Object.assign(new Error('write'), { code: from });
    const { call } = dispatchWith({
      'app.quit': () => Promise.reject(new Error('could not store', { cause: disk })),
    });
    expect(await call('app.quit', {})).toMatchObject({ ok: false, code: to });
  });
});
