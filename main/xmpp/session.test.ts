import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ErrorCode, PostcardError } from '../../contract/errors.ts';
import { connectTo, RawServer, type Recorded } from './raw-server.fixture.ts';
import type { ConnectionStatus, OutboundMessage, SharedFile } from './types.ts';

const text = (id: string, body = id): OutboundMessage => ({
  id,
  to: 'friend@test.example',
  body,
  file: null,
  wantsReceipt: false,
  markable: false,
  tellsChatState: false,
});
const idsOf = (server: RawServer) => server.messages().map((xml) => /\bid="([^"]+)"/.exec(xml)?.[1]);

let server: RawServer;
const sessions: Recorded[] = [];

beforeEach(async () => {
  server = await new RawServer().listening();
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((me) => me.session.close()));
  await server.stop();
});

async function online(changes: Parameters<typeof connectTo>[1] = {}): Promise<Recorded> {
  const me = connectTo(server, changes);
  sessions.push(me);
  await me.until('onReady');
  return me;
}

/** The first problem that a connection reports. */
async function problem(changes: Parameters<typeof connectTo>[1] = {}): Promise<ConnectionStatus> {
  const me = connectTo(server, changes);
  sessions.push(me);
  for (let count = 1; ; count += 1) {
    await me.until('onState', count);
    const status = me.of<ConnectionStatus>('onState').find((state) => state.problem !== null);
    if (status !== undefined) return status;
  }
}

describe('exactly once', () => {
  it('has a message on disk before its bytes leave', async () => {
    const order: string[] = [];
    server.options.answer = (xml) => {
      if (xml.startsWith('<message')) order.push('sent');
      return undefined;
    };
    const me = await online({ saveResume: (state) => void (state?.includes('"m1"') && order.push('saved')) });
    me.session.send(text('m1'));
    await me.until('onAcked');
    expect(order.slice(0, 2)).toEqual(['saved', 'sent']);
  });

  it('sends nothing twice after a cut, when the server had read it but not said so', async () => {
    const me = await online();
    server.acks = false;
    me.session.send(text('m1'));
    await me.session.roster();
    server.cut();
    await me.until('onReady', 2);
    await me.until('onAcked');
    expect(me.of('onReady').at(-1)).toMatchObject({ resumed: true, held: [] });
    expect(idsOf(server)).toEqual(['m1']);
  });

  it('sends again what the server never read, and counts right after it', async () => {
    const me = await online();
    server.acks = false;
    me.session.send(text('m1'));
    await me.session.roster();
    server.handled -= 2; // as if the message and the question after it had not been read
    server.cut();
    await me.until('onReady', 2);
    expect(me.of('onReady').at(-1)).toMatchObject({ resumed: true, held: ['m1'] });
    server.acks = true;
    me.session.send(text('m2'));
    await me.until('onAcked', 2);
    expect(me.of('onAcked')).toEqual(['m1', 'm2']);
    expect(idsOf(server)).toEqual(['m1', 'm1', 'm2']);
  });

  it('resumes from the saved state after the process was killed', async () => {
    const first = await online();
    server.acks = false;
    first.session.send(text('m1'));
    await first.session.roster();
    const resume = first.saved.at(-1) ?? null;
    await first.session.close({ keepResumable: true });
    server.acks = true;
    const second = await online({ resume });
    expect(second.of('onReady')).toMatchObject([{ resumed: true, held: [] }]);
    expect(second.of('onAcked')).toEqual(['m1']);
    expect(idsOf(server)).toEqual(['m1']);
  });

  it('ends the stream on quitting, and leaves it to be resumed while a message of mine is open', async () => {
    const ends = () => server.received.filter((xml) => xml.startsWith('<close')).length;
    const first = await online();
    first.session.send(text('m1'));
    await first.until('onAcked');
    await first.session.close({ keepResumable: true });
    expect(ends()).toBe(1);
    expect(first.saved.at(-1)).toBeNull();
    const second = await online();
    server.acks = false;
    second.session.send(text('m2'));
    await second.session.roster();
    await second.session.close({ keepResumable: true });
    expect(ends()).toBe(1);
    expect(second.saved.at(-1)).toContain('"m2"');
  });

  it('keeps the state while connections fail before the resume', async () => {
    const first = await online();
    server.acks = false;
    first.session.send(text('m1'));
    await first.session.roster();
    const resume = first.saved.at(-1) ?? null;
    await first.session.close({ keepResumable: true });
    let failures = 0;
    server.options.answer = (xml, raw) => {
      if (!xml.startsWith('<resume') || failures++ > 0) return undefined;
      raw.cut();
      return '';
    };
    const second = await online({ resume });
    expect(failures).toBeGreaterThan(1);
    expect(second.of('onReady')).toMatchObject([{ resumed: true }]);
    expect(second.of('onLost')).toEqual([]);
  });

  it('reports as lost what a refused resume leaves open, and does not send it by itself', async () => {
    const me = await online();
    server.acks = false;
    me.session.send(text('m1'));
    await me.session.roster();
    server.options.resumable = false;
    server.cut();
    await me.until('onReady', 2);
    expect(me.of('onLost')).toEqual([['m1']]);
    expect(me.of('onReady').at(-1)).toMatchObject({ resumed: false, held: [] });
    expect(idsOf(server)).toEqual(['m1']);
  });

  it('reports as lost what a stream that can not be resumed leaves open', async () => {
    server.options.resumable = false;
    const me = await online();
    server.acks = false;
    me.session.send(text('m1'));
    await me.session.roster();
    server.cut();
    await me.until('onLost');
    expect(me.of('onLost')).toEqual([['m1']]);
    expect(me.saved.filter((state) => state !== null)).toEqual([]);
  });

  it('without stream management a pong acknowledges what was sent before it', async () => {
    server.options.manages = false;
    const me = await online();
    me.session.send(text('m1'));
    await me.until('onAcked');
    expect(me.of('onAcked')).toEqual(['m1']);
  });

  it('keeps the order of many and at most a window of them in the saved state', async () => {
    const me = await online();
    const ids = Array.from({ length: 100 }, (_, index) => `m${index}`);
    for (const id of ids) me.session.send(text(id));
    await me.until('onAcked', 100);
    expect(idsOf(server)).toEqual(ids);
    const most = Math.max(
      ...me.saved.map((state) => (state?.match(/"m\d+","originId"|"id":"m\d+"/g) ?? []).length),
    );
    expect(most).toBeLessThanOrEqual(40);
  });
});

describe('what could not be stored', () => {
  it('does not count as handled, comes again after a resume, and says why it is offline', async () => {
    let full = true;
    const got: (string | null)[] = [];
    const me = connectTo(server, {
      handlers: {
        onMessage: (message: { id: string | null }) => {
          if (full) throw new PostcardError('disk-full');
          got.push(message.id);
        },
      } as never,
    });
    sessions.push(me);
    await me.until('onReady');
    await me.session.roster();
    const stanza = `<message xmlns='jabber:client' from='friend@test.example/x' id='d1' type='chat'><body>x</body></message>`;
    server.send(stanza);
    await me.until('onReady', 2);
    const codes = me.of<ConnectionStatus>('onState').map((state) => state.problem?.code);
    expect(codes).toContain<ErrorCode>('disk-full');
    const told = server.received.find((xml) => xml.startsWith('<resume'));
    expect(told).toContain(`h="${server.sent - 1}"`);
    full = false;
    server.send(stanza);
    await me.session.roster();
    expect(got).toEqual(['d1']);
  });
});

describe('a full disk', () => {
  it('keeps a message whose state could not be saved from leaving, and from being taken for sent', async () => {
    let full = false;
    const saveResume = () => {
      if (full) throw new PostcardError('disk-full');
    };
    const me = await online({ saveResume });
    full = true;
    me.session.send(text('d1'));
    await me.until('onState', 3);
    expect(me.of<ConnectionStatus>('onState').at(-1)?.problem?.code).toBe('disk-full');
    expect(idsOf(server)).toEqual([]);
    full = false;
    await me.until('onReady', 2);
    me.session.send(text('d2'));
    await me.until('onAcked', 2);
    expect(me.of('onAcked')).toEqual(['d1', 'd2']);
    expect(idsOf(server)).toEqual(['d1', 'd2']);
  });

  it('ends the connection, not the app, when what came in can not be counted', async () => {
    let full = false;
    const saveResume = () => {
      if (full) throw new PostcardError('disk-full');
    };
    const me = await online({ saveResume });
    full = true;
    server.send(
      `<message xmlns='jabber:client' from='friend@test.example/x' id='f1'><body>f1</body></message>`,
    );
    const codes = () => me.of<ConnectionStatus>('onState').map((state) => state.problem?.code);
    await me.until('onState', 3);
    expect(codes()).toContain<ErrorCode>('disk-full');
    full = false;
    await me.until('onReady', 2);
  });
});

describe('receipts', () => {
  it('are not each a save of everything that is on its way', async () => {
    const me = await online();
    server.acks = false;
    const before = me.saved.length;
    for (let count = 0; count < 500; count += 1) me.session.sendReceipt('friend@test.example', `r${count}`);
    await me.session.roster();
    expect(server.messages()).toHaveLength(500);
    expect(me.saved.length - before).toBeLessThan(50);
  });
});

describe('a server that restored an older state', () => {
  it('acknowledges what it is sent from then on', async () => {
    const me = await online();
    me.session.send(text('b1'));
    await me.until('onAcked');
    server.handled -= 1;
    server.acks = false;
    me.session.send(text('b2'));
    server.cut();
    await me.until('onReady', 2);
    expect(me.of<{ resumed: boolean }>('onReady').at(-1)?.resumed).toBe(false);
    server.acks = true;
    me.session.send(text('b3'));
    await me.until('onAcked', 3);
    expect(me.of('onAcked')).toEqual(['b1', 'b2', 'b3']);
  });
});

describe('signing in', () => {
  it('stops at a wrong password', async () => {
    expect(await problem({ password: 'other' })).toMatchObject({
      state: 'offline',
      retryAt: null,
      problem: { code: 'wrong-password' },
    });
  });

  it('refuses a server that does not prove to know the account', async () => {
    server.options.signature = 'wrong';
    expect(await problem()).toMatchObject({ problem: { code: 'server-refused' } });
  });

  it('refuses a weaker mechanism than the first login had', async () => {
    server.options.mechanisms = ['SCRAM-SHA-1'];
    expect(await problem({ mechanism: 'SCRAM-SHA-256' })).toMatchObject({
      retryAt: null,
      problem: { code: 'mechanism-downgraded' },
    });
  });

  it('never sends the password over a connection without TLS', async () => {
    server.options.mechanisms = ['PLAIN'];
    expect(await problem()).toMatchObject({ retryAt: null, problem: { code: 'connection-insecure' } });
    expect(server.received.some((xml) => xml.startsWith('<auth'))).toBe(false);
  });

  it.each([
    ['ws://192.0.2.1/x', 'connection-insecure'],
    ['ws://127.0.0.1:1/x', 'server-unreachable'],
    ['xmpps://127.0.0.1:1', 'server-unreachable'],
    ['wss://nowhere.invalid/x', 'server-not-found'],
  ])('%s: %s', async (endpoint, code) => {
    const status = await problem({ target: { domain: 'test.example', endpoint } });
    expect(status.problem?.code).toBe(code);
  });

  it('tries again by itself within a second after a cut', async () => {
    const me = await online();
    server.cut();
    await me.until('onReady', 2);
    const waits = me
      .of<ConnectionStatus>('onState')
      .flatMap((state) => (state.retryAt === null ? [] : [state.retryAt - Date.now()]));
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
  });
});

describe('a photo', () => {
  const file: SharedFile = {
    url: 'https://files.test.example/1/photo.jpg',
    name: 'photo.jpg',
    mediaType: 'image/jpeg',
    bytes: 1234,
    width: 40,
    height: 30,
    sha256: 'ab'.repeat(32),
    thumbhash: Buffer.from('123456789').toString('base64'),
    thumbnail: null,
    caption: 'A <caption> & more',
  };

  it('goes out with its address alone as text, and its caption as a message of its own for other apps', async () => {
    const me = await online();
    me.session.send({ ...text('p1'), file });
    await me.until('onAcked');
    const [photo = '', caption = ''] = server.messages();
    expect(photo).toContain(`<body>${file.url}</body>`);
    expect(photo).toContain(`<x xmlns="jabber:x:oob"><url>${file.url}</url></x>`);
    expect(caption).toContain('<body>A &lt;caption&gt; &amp; more</body>');
    expect(me.of('onAcked')).toEqual(['p1']);
  });

  it('comes back the same, and the repeated caption is left out', async () => {
    const me = await online();
    me.session.send({ ...text('p1'), file });
    await me.until('onAcked');
    for (const xml of server.messages()) {
      server.send(
        xml.replace('<message ', `<message from='friend@test.example/x' `).replace(/ to="[^"]*"/, ''),
      );
    }
    await me.until('onMessage');
    await me.session.roster();
    expect(me.of('onMessage')).toMatchObject([{ id: 'p1', body: null, files: [file] }]);
  });
});
