import { afterEach, beforeEach } from 'vitest';
import { connectTo, RawServer, type Recorded } from './raw-server.fixture.ts';
import type { InboundMessage } from './types.ts';

/** The server of the test that runs, and me@test.example connected to it. */
export interface Connected {
  readonly server: RawServer;
  readonly me: Recorded;
  /** Sends the stanzas; resolves with all messages that have come so far, none of what was refused or left out. */
  read(...stanzas: string[]): Promise<InboundMessage[]>;
}

/**
 * A server of its own and a connection to it for each test of a file (or of a `describe`). Each stanza goes through
 * the real connection; a marker that is sound follows, so that "nothing came" is known without waiting.
 */
export function connected(): Connected {
  let server: RawServer;
  let me: Recorded;
  let markers = 0;

  beforeEach(async () => {
    server = await new RawServer().listening();
    me = connectTo(server);
    await me.until('onReady');
  });
  afterEach(async () => {
    await me.session.close();
    await server.stop();
  });

  async function read(...stanzas: string[]): Promise<InboundMessage[]> {
    markers += 1;
    const marker = `marker-${markers}`;
    for (const stanza of stanzas) server.send(stanza);
    server.send(
      `<message xmlns='jabber:client' from='friend@test.example/x' id='${marker}' type='chat'><body>.</body></message>`,
    );
    const came = () => me.of<InboundMessage>('onMessage');
    while (came().at(-1)?.id !== marker) await me.until('onMessage', came().length + 1);
    return came().filter(({ id }) => !id?.startsWith('marker-'));
  }
  return {
    get server() {
      return server;
    },
    get me() {
      return me;
    },
    read,
  };
}
