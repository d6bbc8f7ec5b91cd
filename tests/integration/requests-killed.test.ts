import { expect, it } from 'vitest';
import { login, letIn, settled } from '../../main/hub/testing/raw-client.ts';
import { NS } from '../../main/hub/namespaces.ts';
import { child, childText, el, elements, textEl } from '../../main/hub/xml.ts';
import type { RawClient } from '../../main/hub/testing/raw-client.ts';
import { startServer } from '../support/servers.ts';

const texts = Array.from({ length: 40 }, (_, i) => `m${i}`);

async function archived(client: RawClient): Promise<string[]> {
  const before = client.received.length;
  const all = el('set', NS.rsm, {}, [textEl('max', NS.rsm, '250')]);
  await client.iq('set', undefined, el('query', NS.mam, {}, [all]));
  return client.received
    .slice(before)
    .flatMap((e) => elements(e, 'result', NS.mam))
    .map((result) => child(child(result, 'forwarded', NS.forward) ?? result, 'message', NS.client))
    .flatMap((message) => (message && childText(message, 'body')) ?? [])
    .filter((body) => /^m\d+$/.test(body));
}

/** How many messages the hub says it holds for this client. */
async function held(client: RawClient): Promise<number> {
  const answer = await client.iq('get', undefined, el('query', NS.requests));
  const [one] = elements(child(answer, 'query', NS.requests) ?? answer, 'held');
  return Number(one?.attrs.messages ?? 0);
}

// How long after the release was asked for the hub is killed, ms: before, in the middle of and after its transaction.
it.each([0, 1, 2, 4, 8, 15])(
  'a hub killed %d ms into a release has released all or nothing, and never twice',
  async (delay) => {
    const hub = await startServer('hub');
    const anna = await login(hub.webSocket, 'anna');
    const bert = await login(hub.webSocket, 'bert', 'one', false);
    for (const text of texts) anna.message('bert@localhost', text);
    await settled(anna);
    expect(await held(bert)).toBe(39);
    const item = el('item', NS.roster, { jid: 'anna@localhost' });
    bert.send(el('iq', NS.client, { type: 'set', id: 'let-in' }, [el('query', NS.roster, {}, [item])]));
    await new Promise((resolve) => setTimeout(resolve, delay));
    await hub.stop('killed');

    await hub.start();
    const again = await login(hub.webSocket, 'bert', 'one', false);
    const [inArchive, stillHeld] = [await archived(again), await held(again)];
    expect([inArchive.length, stillHeld]).toEqual(stillHeld > 0 ? [1, 39] : [40, 0]);
    await letIn(again, 'anna@localhost');
    expect(await archived(again)).toEqual(texts);
    expect(await held(again)).toBe(0);
    // What waited for somebody offline is delivered once, too.
    again.presence();
    await again.body('m39');
    await settled(again);
    const live = again.received
      .filter((e) => childText(e, 'body')?.startsWith('m'))
      .map((e) => childText(e, 'body'));
    expect(live).toEqual(texts);
    await again.kill();
    await hub.stop();
  },
);
