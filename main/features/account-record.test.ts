import { describe, expect, it } from 'vitest';
import { accountFor, folderOf, targetOf } from './account-record.ts';

describe('accountFor', () => {
  it('takes a bare user name to the hub', () => {
    const record = accountFor('Ada', 'This computer');
    expect(record).toMatchObject({ address: 'ada@localhost', onThisComputer: true, server: 'This computer' });
    expect(targetOf(record, null)).toBeNull();
    expect(targetOf(record, 'ws://127.0.0.1:1/xmpp-websocket')?.endpoint).toBe(
      'ws://127.0.0.1:1/xmpp-websocket',
    );
  });
  it('follows an address of another server, whatever is preselected', () => {
    expect(accountFor('ada@example.org', 'This computer')).toMatchObject({
      address: 'ada@example.org',
      onThisComputer: false,
      domain: 'example.org',
      endpoint: null,
    });
  });
  it('keeps the hub for name@localhost', () => {
    expect(accountFor('ada@localhost', 'This computer').onThisComputer).toBe(true);
  });
  it('takes an explicit address', () => {
    expect(accountFor('ada@localhost', 'ws://127.0.0.1:5280/xmpp-websocket')).toMatchObject({
      address: 'ada@localhost',
      onThisComputer: false,
      domain: 'localhost',
      endpoint: 'ws://127.0.0.1:5280/xmpp-websocket',
    });
  });
  it('keeps the data of one address on two servers apart', () => {
    const hub = folderOf(accountFor('ada', 'This computer'));
    const server = folderOf(accountFor('ada@localhost', 'ws://127.0.0.1:5280/xmpp-websocket'));
    expect(hub).not.toBe(server);
  });
  it.each(['', 'a b', '@example.org', 'a@b@c'])('refuses %j', (username) => {
    expect(() => accountFor(username, 'This computer')).toThrow('username-invalid');
  });
});
