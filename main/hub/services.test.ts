import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { SEARCH_DOMAIN, UPLOAD_DOMAIN } from './jid.ts';
import { matchesPattern } from './modules/xep-0055-search.ts';
import { NS } from './namespaces.ts';
import { login, settled } from './testing/raw-client.ts';
import { readRange } from './upload-http.ts';
import { child, el, elements, serialize, textEl, textOf } from './xml.ts';
import type { RawClient } from './testing/raw-client.ts';
import { testHub } from './testing/test-hub.ts';
import type { XmlElement } from './xml.ts';

const hub = testHub({ assistant: true });

async function slot(client: RawClient, name: string, size: number, type: string): Promise<string> {
  const wanted = el('request', NS.upload, { filename: name, size, 'content-type': type });
  const answer = await client.iq('get', UPLOAD_DOMAIN, wanted);
  return child(child(answer, 'slot', NS.upload) ?? answer, 'put')?.attrs.url ?? serialize(answer);
}

const put = (url: string, body: Buffer): Promise<Response> =>
  fetch(url, { method: 'PUT', body: new Uint8Array(body) });

/** Announces a size and sends something else, which fetch would not do. */
function putWrong(url: string, announced: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers: { 'Content-Length': announced } });
    sent.on('response', (response) => resolve(response.statusCode ?? 0));
    sent.on('error', reject);
    sent.flushHeaders();
  });
}

it('takes an upload once, of exactly the announced size, and serves ranges of it', async () => {
  const anna = await login(hub.url, 'anna');
  const url = await slot(anna, '../../a photo.jpg', 1000, 'image/jpeg');
  expect(url).toContain('/a%20photo.jpg');
  expect(await putWrong(url, 5)).toBe(400);
  expect(await putWrong(url, 5000)).toBe(413);
  expect((await fetch(url)).status).toBe(404);
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
  expect((await put(url, bytes)).status).toBe(201);
  expect((await put(url, bytes)).status).toBe(403);
  const whole = await fetch(url);
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  expect(whole.headers.get('content-type')).toBe('image/jpeg');
  expect(whole.headers.get('access-control-allow-origin')).toBe('*');
  for (const [range, status, length] of [
    ['bytes=0-', 206, 1000],
    ['bytes=0-9', 206, 10],
    ['bytes=-500', 206, 500],
    ['bytes=990-2000', 206, 10],
    ['bytes=1000-', 416, 0],
  ] as const) {
    const part = await fetch(url, { headers: { Range: range } });
    expect([part.status, (await part.arrayBuffer()).byteLength], range).toEqual([status, length]);
  }
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
});

it('never lets a page render, and refuses what is too large', async () => {
  const anna = await login(hub.url, 'anna');
  const url = await slot(anna, 'x.html', 5, 'text/html');
  await put(url, Buffer.from('<b>x'.padEnd(5)));
  const page = await fetch(url);
  await page.arrayBuffer();
  expect(page.headers.get('content-type')).toBe('application/octet-stream');
  expect(page.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await slot(anna, 'big', 200 * 1024 * 1024, 'video/mp4')).toContain('file-too-large');
});

it('reads ranges as RFC 9110 does', () => {
  expect(readRange('bytes=5-2', 10)).toBeNull();
  expect(readRange('bytes=0-1,3-4', 10)).toBeNull();
  expect(readRange('bytes=-0', 10)).toBe('unsatisfiable');
  expect(readRange('bytes=-50', 10)).toEqual({ start: 0, end: 9 });
});

it('greets, confirms, and answers a photo with what it measured and a photo of its own', async () => {
  const anna = await login(hub.url, 'anna');
  await anna.next((e) => serialize(e).includes('welcome to Postcard'), 'the greeting');
  anna.message('postcard@localhost', 'hello', [el('request', NS.receipts)], { id: 'm1' });
  const receipt = await anna.next((e) => elements(e, 'received', NS.receipts).length > 0, 'a receipt');
  expect(elements(receipt, 'received')[0]?.attrs.id).toBe('m1');
  await anna.next((e) => textOf(child(e, 'body')).includes('“hello”'), 'an answer');
  const picture = readFileSync(new URL('../../resources/assistant/postcard.png', import.meta.url));
  const url = await slot(anna, 'p.png', picture.length, 'image/png');
  await put(url, picture);
  anna.message('postcard@localhost', url, [el('x', NS.oob, {}, [textEl('url', NS.oob, url)])]);
  const answer = await anna.next((e) => textOf(child(e, 'body')).includes('960 × 640'), 'the measurement');
  expect(textOf(child(answer, 'body'))).toContain(`${picture.length} bytes`);
  const sent = await anna.next((e) => elements(e, 'file-sharing').length > 0, 'a photo');
  const got = await fetch(textOf(child(sent, 'body')));
  expect((await got.arrayBuffer()).byteLength).toBe(picture.length);
  anna.message('postcard@localhost', 'x', [], { type: 'error' });
  const before = anna.received.length;
  await settled(anna);
  expect(anna.received.slice(before).filter((e) => e.name === 'message')).toEqual([]);
});

it('the helper answers what was written, not what was quoted, and no change of it', async () => {
  const anna = await login(hub.url, 'anna');
  const quote = '> 🙂 A tip\n';
  const span = el('body', NS.fallback, { start: 0, end: [...quote].length });
  const fallback = el('fallback', NS.fallback, { for: NS.reply }, [span]);
  const answer = (what: string): Promise<XmlElement> =>
    anna.next((e) => textOf(child(e, 'body')).includes('I got'), what);
  anna.message('postcard@localhost', `${quote}thank you`, [fallback]);
  expect(textOf(child(await answer('an answer'), 'body'))).toContain('I got “thank you”.');
  anna.message('postcard@localhost', 'thank you!', [el('replace', NS.correction, { id: 'm1' })]);
  anna.message('postcard@localhost', 'bye');
  expect(textOf(child(await answer('the next answer'), 'body'))).toContain('I got “bye”.');
});

async function find(client: RawClient, name: string, value: string): Promise<string[]> {
  const field = el('field', NS.dataForms, { var: name }, [textEl('value', NS.dataForms, value)]);
  const form = el('x', NS.dataForms, { type: 'submit' }, [field]);
  const answer = await client.iq('set', SEARCH_DOMAIN, el('query', NS.search, {}, [form]));
  const result = child(child(answer, 'query', NS.search) ?? answer, 'x', NS.dataForms);
  const jids = elements(result ?? answer, 'item').map((item) =>
    elements(item).find((e) => e.attrs.var === 'jid'),
  );
  return jids.map((jid) => textOf(jid && child(jid, 'value')));
}

it('finds people by the names in their vCard and vCard4', async () => {
  const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
  const card = el('vCard', NS.vcardTemp, {}, [textEl('FN', NS.vcardTemp, 'Änna Müller')]);
  await anna.iq('set', undefined, card);
  const text = (name: string, value: string): XmlElement =>
    el(name, NS.vcard4, {}, [textEl('text', NS.vcard4, value)]);
  const item = el('item', NS.pubsub, { id: 'current' }, [
    el('vcard', NS.vcard4, {}, [text('fn', 'Bertram Klein')]),
  ]);
  const publish = el('publish', NS.pubsub, { node: NS.vcard4Node }, [item]);
  await bert.iq('set', undefined, el('pubsub', NS.pubsub, {}, [publish]));
  expect(await find(bert, 'fn', 'änna*')).toEqual(['anna@localhost']);
  expect(await find(bert, 'fn', 'müll')).toEqual(['anna@localhost']);
  expect(await find(anna, 'fn', 'klein')).toEqual(['bert@localhost']);
  expect(await find(anna, 'user', 'ber')).toEqual(['bert@localhost']);
});

it('matches wildcards without backtracking', () => {
  expect(matchesPattern('Paula', 'pau*')).toBe(true);
  expect(matchesPattern('Paula', '*la')).toBe(true);
  expect(matchesPattern('Paula', 'p*u*a')).toBe(true);
  expect(matchesPattern('ab', 'ab*b')).toBe(false);
  expect(matchesPattern('a'.repeat(5_000), `${'*a'.repeat(500)}*b`)).toBe(false);
});

it('sends PEP events to those who asked for them in their caps, within the access model', async () => {
  const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
  bert.presence({}, [el('c', NS.caps, { hash: 'sha-1', node: 'test', ver: 'v1' })]);
  const asked = await bert.next((e) => elements(e, 'query', NS.discoInfo).length > 0, 'a question');
  const features = el('query', NS.discoInfo, {}, [el('feature', NS.discoInfo, { var: 'urn:test+notify' })]);
  bert.send(el('iq', NS.client, { type: 'result', id: asked.attrs.id, to: 'localhost' }, [features]));
  bert.presence({ type: 'subscribe', to: 'anna@localhost' });
  await anna.next((e) => e.name === 'presence' && e.attrs.type === 'subscribe', 'a request');
  anna.presence({ type: 'subscribed', to: 'bert@localhost' });
  await settled(anna);
  const publish = (node: string, access: string): Promise<XmlElement> => {
    const field = (name: string, value: string): XmlElement =>
      el('field', NS.dataForms, { var: name }, [textEl('value', NS.dataForms, value)]);
    const form = el('x', NS.dataForms, { type: 'submit' }, [field('pubsub#access_model', access)]);
    const item = el('item', NS.pubsub, { id: '1' }, [el('test', 'urn:test')]);
    const children = [
      el('publish', NS.pubsub, { node }, [item]),
      el('publish-options', NS.pubsub, {}, [form]),
    ];
    return anna.iq('set', undefined, el('pubsub', NS.pubsub, {}, children));
  };
  await publish('urn:test', 'presence');
  const event = await bert.next((e) => elements(e, 'event', NS.pubsubEvent).length > 0, 'an event');
  expect(event.attrs.from).toBe('anna@localhost');
  expect((await publish('urn:test', 'whitelist')).attrs.type).toBe('error');
  await publish('urn:private', 'whitelist');
  const read = el('pubsub', NS.pubsub, {}, [el('items', NS.pubsub, { node: 'urn:private' })]);
  expect((await bert.iq('get', 'anna@localhost', read)).attrs.type).toBe('error');
  expect((await anna.iq('get', undefined, read)).attrs.type).toBe('result');
});
