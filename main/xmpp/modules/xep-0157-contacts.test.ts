import { expect, test } from 'vitest';
import { readContacts } from './xep-0157-contacts.ts';

const info = (rawValues: string[], type = 'http://jabber.org/network/serverinfo') => ({
  features: [],
  identities: [],
  extensions: [
    {
      fields: [
        { name: 'FORM_TYPE', value: type, rawValues: [type] },
        // As the library gives a field without a type: the first value alone.
        { name: 'abuse-addresses', value: rawValues[0], rawValues },
      ],
    },
  ],
});

test('what a server names is an address of three kinds, or nothing', () => {
  const given = [
    'xmpp:Abuse@Example.org?message',
    'mailto:abuse@example.org?bcc=all@example.org',
    'https://example.org/report',
    'http://example.org/plain',
    'https://user:pass@example.org/',
    'javascript:alert(1)',
    'mailto:a@b.example,c@d.example',
    'xmpp:%zz',
    'xmpp:abuse@example.org',
  ];
  expect(readContacts(info(given))).toEqual([
    'xmpp:abuse@example.org',
    'mailto:abuse@example.org',
    'https://example.org/report',
  ]);
  expect(readContacts(info([]))).toEqual([]);
  expect(readContacts(info(given, 'urn:xmpp:dataforms:other'))).toEqual([]);
  expect(readContacts(info([`https://example.org/${'x'.repeat(600)}`]))).toEqual([]);
});
