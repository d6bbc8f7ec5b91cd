import { describe, expect, it } from 'vitest';
import { parseServer } from './server-address.ts';

describe('parseServer', () => {
  it.each([
    ['Paula', 'Example.ORG', 'paula@example.org', 'example.org', null],
    ['paula@Example.org', '', 'paula@example.org', 'example.org', null],
    ['paula@example.org', 'example.org', 'paula@example.org', 'example.org', null],
    ['paula@example.org', 'chat.example.net', 'paula@example.org', 'example.org', 'xmpp://chat.example.net'],
    [
      'paula',
      'ws://127.0.0.1:5280/xmpp-websocket',
      'paula@localhost',
      'localhost',
      'ws://127.0.0.1:5280/xmpp-websocket',
    ],
    ['paula@a.example', 'xmpps://b.example:443', 'paula@a.example', 'a.example', 'xmpps://b.example:443'],
    ['paula', 'wss://b.example/ws', 'paula@b.example', 'b.example', 'wss://b.example/ws'],
    ['ÄNNE', 'xn--bcher-kva.example', 'änne@bücher.example', 'bücher.example', null],
  ])('%s at %s', (username, server, bareAddress, domain, endpoint) => {
    expect(parseServer(username, server)).toEqual({ bareAddress, target: { domain, endpoint } });
  });

  it.each([
    ['', 'example.org', 'username-invalid'],
    ['a b', 'example.org', 'username-invalid'],
    ['a/b', 'example.org', 'username-invalid'],
    ['paula', '', 'address-invalid'],
    ['paula', 'https://example.org', 'address-invalid'],
    ['paula', 'ws://', 'address-invalid'],
    ['paula', 'wss://u:p@example.org/', 'address-invalid'],
    ['paula', 'exa mple', 'address-invalid'],
  ])('refuses %j at %j', (username, server, code) => {
    expect(() => parseServer(username, server)).toThrow(expect.objectContaining({ code }));
  });
});
