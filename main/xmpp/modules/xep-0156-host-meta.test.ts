import { expect, it } from 'vitest';
import { parseHostMeta } from './xep-0156-host-meta.ts';

const link = (href: unknown, rel = 'urn:xmpp:alt-connections:websocket') => ({ rel, href });

it('finds the encrypted WebSockets of a host-meta document, in order', () => {
  const links = [
    link('wss://xmpp.example.org/ws'),
    link('https://example.org/http-bind', 'urn:xmpp:alt-connections:xbosh'),
    link('ws://xmpp.example.org/ws'),
    link('wss://other.example.org/'),
  ];
  expect(parseHostMeta({ links })).toEqual(['wss://xmpp.example.org/ws', 'wss://other.example.org/']);
});

it.each([
  [null],
  ['<XRD/>'],
  [{}],
  [{ links: 'wss://example.org' }],
  [{ links: [link(7)] }],
  [{ links: [link('wss://')] }],
  [{ links: [link('javascript:alert(1)')] }],
])('takes %j for a document without any', (document) => {
  expect(parseHostMeta(document)).toEqual([]);
});

it('follows no more than a few of a document that lists a thousand', () => {
  const links = Array.from({ length: 1000 }, (_, number) => link(`wss://host${number}.example.org/`));
  expect(parseHostMeta({ links }).length).toBeLessThan(10);
});
