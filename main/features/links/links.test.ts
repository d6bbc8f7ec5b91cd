import { describe, expect, test } from 'vitest';
import { checkLink } from './check.ts';

const around = { contactSites: ['annas-atelier.de'], trusted: ['example.org'] };
const kinds = (url: string, text = url) => checkLink(url, text, around).warnings.map((w) => w.kind);

describe('a link is judged by its letters', () => {
  test.each([
    'https://example.com/a?b=c#d',
    'https://www.paypal.com/signin',
    'https://amazon.de/dp/1',
    'https://annas-atelier.de/shop',
    'https://foo.github.io/',
    'https://uber.com',
    'https://zoom.us/j/1?pwd=https',
    'https://signal.com',
  ])('nothing to say about %s', (url) => expect(kinds(url)).toEqual([]));

  test.each([
    ['https://раураl.com/', ['look-alike', 'mixed-scripts', 'punycode']],
    ['https://аррӏе.com/', ['look-alike', 'punycode']],
    ['https://paypa1.com/', ['look-alike']],
    ['https://rnicrosoft.com/', ['look-alike']],
    ['https://paypall.com/', ['look-alike']],
    ['https://instagarm.com/', ['look-alike']],
    ['https://paypal-login.com/', ['look-alike']],
    ['https://paypal.com.account.example.net/', ['look-alike']],
    ['https://annas-ateller.de/', ['look-alike']],
    ['https://müller.example/', ['punycode']],
    ['https://日本語テスト.jp/', ['punycode']],
    ['http://93.184.216.34/login', ['ip-address']],
    ['http://0x5db8d822/', ['ip-address']],
    ['http://[2001:db8::1]/', ['ip-address']],
    ['https://paypal.com@evil.example/', ['text-differs', 'user-info']],
    ['https://paypal.com%2Flogin@evil.example/', ['user-info']],
    ['https://bit.ly/3xyz', ['shortener']],
    ['https://www.google.com/url?q=https%3A%2F%2Fevil.example%2F', ['redirect']],
    ['https://example.com/out?to=//evil.example/x', ['redirect']],
    ['https://example.com/login?next=https://example.com/home', []],
    ['https://example.com//evil.example/', []],
    ['javascript:alert(1)', ['not-web']],
    ['file:///etc/passwd', ['not-web']],
    ['data:text/html,hi', ['not-web']],
    ['xmpp:anna@example.org?message', ['not-web']],
    ['https://', ['not-web']],
  ])('%s: %j', (url, expected) => expect(kinds(url)).toEqual(expected));

  test('what a contact calls their site proves nothing about a well-known one', () => {
    const named = (contactSites: string[], url: string) =>
      checkLink(url, '', { ...around, contactSites }).warnings.map(({ kind }) => kind);
    expect(named(['paypa1.com'], 'https://paypa1.com/')).toEqual(['look-alike']);
    expect(named(['annas-ateller.de', 'annas-atelier.de'], 'https://annas-ateller.de/')).toEqual([]);
    // Nothing in a host that a profile names gets into a pattern.
    expect(named(['(a+)+$(.de', '[', '*.example'], 'https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.de/')).toEqual([]);
  });

  test('text that names another site than the target', () => {
    expect(kinds('https://evil.example/', 'paypal.com')).toEqual(['text-differs']);
    expect(kinds('https://evil.example/', 'https://paypal.com/login')).toEqual(['text-differs']);
    expect(kinds('https://evil.example/', 'my holiday photos')).toEqual([]);
    expect(kinds('https://example.com/', 'example.com')).toEqual([]);
    expect(kinds('https://example.com/', 'exam\u200bple.com')).toEqual([]);
  });

  test('what is not of the web is never opened, and can be copied as it is', () =>
    expect(checkLink('javascript:alert(1)', 'x', around)).toMatchObject({
      url: '',
      copy: 'javascript:alert(1)',
    }));

  test('names are shown as they read, with what the network calls them', () => {
    const checked = checkLink('https://xn--mller-kva.example/', 'x', around);
    expect(checked).toMatchObject({ site: 'müller.example', url: 'https://xn--mller-kva.example/' });
    expect(checked.warnings).toEqual([{ kind: 'punycode', ascii: 'xn--mller-kva.example' }]);
  });

  test('the part that somebody owns', () => {
    expect(checkLink('https://a.b.example.co.uk:8443/x', '', around)).toMatchObject({
      site: 'a.b.example.co.uk:8443',
      owner: 'example.co.uk',
    });
    expect(checkLink('https://foo.github.io/', '', around).owner).toBe('foo.github.io');
  });

  test('a trusted site is trusted, unless there is something to warn of', () => {
    expect(checkLink('https://www.example.org/a', '', around).trusted).toBe(true);
    expect(checkLink('https://www.example.org/?to=https://evil.example', '', around).trusted).toBe(false);
    expect(checkLink('https://example.com/', '', around).trusted).toBe(false);
  });

  test('a link of the length of a whole message takes no time', () => {
    const before = performance.now();
    checkLink(
      `https://${'a.'.repeat(9_000)}com/?${'x=https:%2F%2F&'.repeat(500)}`,
      'a'.repeat(20_000),
      around,
    );
    checkLink(`https://example.com/${'@'.repeat(19_000)}`, 'https://'.repeat(2_500), around);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('tracking parameters', () => {
  test.each([
    [
      'https://a.example/?utm_source=x&id=7&fbclid=y#z',
      'https://a.example/?id=7#z',
      ['utm_source', 'fbclid'],
    ],
    ['https://a.example/?utm_source=x', 'https://a.example/', ['utm_source']],
    ['https://youtu.be/abc?si=1&t=20', 'https://youtu.be/abc?t=20', ['si']],
    ['https://a.example/?si=1', 'https://a.example/?si=1', []],
    ['https://a.example/?q=a%20b+c&UTM_Medium=1', 'https://a.example/?q=a%20b+c', ['UTM_Medium']],
    ['https://a.example/?%zz=1&gclid=2', 'https://a.example/?%zz=1', ['gclid']],
  ])('%s', (url, copy, tracking) => expect(checkLink(url, '', around)).toMatchObject({ copy, tracking }));
});
