import { createClient, type Agent } from 'stanza';
import websocket from 'stanza/transports/websocket.js';
import type { TestServer } from './servers.ts';
import { until, within } from './wait.ts';

/**
 * The bare library, none of our code: it says and hears exactly what is on the wire. For forged stanzas, and as
 * the foreign peer of a server that slixmpp can't reach (it speaks no WebSocket).
 */
export interface RawClient {
  /** Bare. */
  readonly address: string;
  readonly agent: Agent;
  /** Puts XML on the wire as it is. */
  sendXml(xml: string): void;
  /** Every frame that came in, in order. */
  readonly frames: readonly string[];
  close(): Promise<void>;
}

/** Signs in over the server's WebSocket; makes the account first unless it exists already. */
export async function rawClient(
  server: TestServer,
  username: string,
  password = 'secret-1',
): Promise<RawClient> {
  const agent = createClient({
    jid: `${username}@${server.domain}`,
    password,
    transports: { websocket: server.webSocket, bosh: false },
    autoReconnect: false,
  });
  agent.transports['websocket'] = transportThatOutlivesItsSocket();
  registerFirst(agent, server.domain, username, password);
  const frames: string[] = [];
  agent.on('raw:incoming', (xml: string) => frames.push(xml));
  const online = new Promise<void>((resolve, reject) => {
    agent.on('session:started', () => resolve());
    agent.on('auth:failed', () => reject(new Error(`${username}: sign in refused`)));
    agent.on('disconnected', () => reject(new Error(`${username}: connection lost before the session`)));
  });
  agent.connect();
  await within(20_000, `${username} to sign in to ${server.kind}`, online);
  await agent.getRoster();
  agent.sendPresence();
  return {
    address: `${username}@${server.domain}`,
    agent,
    frames,
    sendXml: (xml) => void writable(agent).write(xml),
    async close() {
      agent.disconnect();
      await until(() => agent.transport === undefined, { what: 'the raw client to leave' });
    },
  };
}

/** The library's transports are Duplex streams, which its types of `agent.transport` leave out. */
const writable = (agent: Agent) => agent.transport as unknown as { write(xml: string): boolean };

/** XEP-0077 as a stream feature of its own, before SASL: the library has no call for it. */
function registerFirst(agent: Agent, domain: string, username: string, password: string): void {
  let done = false;
  const register = async () => {
    if (done) return;
    done = true;
    try {
      await agent.sendIQ({ type: 'set', to: domain, account: { username, password } });
    } catch (error) {
      // What an error answer looks like: the stanza itself. A name that is there is the one to sign in with.
      if ((error as { error?: { condition?: string } }).error?.condition !== 'conflict') throw error;
    }
  };
  agent.registerFeature('inbandRegistration', 50, (_features, next) => {
    register().then(
      () => next(),
      (error: unknown) => next('disconnect', String(error)),
    );
  });
}

/** The library asks for acknowledgements without a `catch`: on a lost connection that would end the process. */
function transportThatOutlivesItsSocket(): Agent['transports'][string] {
  type Transport = { send(name: string, data?: object): Promise<void> };
  // CommonJS: what is its default export depends on who loads it.
  const module = websocket as unknown as { default?: new (...args: never[]) => Transport };
  const Base = module.default ?? websocket;
  class Outliving extends Base {
    override async send(name: string, data?: object) {
      try {
        await super.send(name, data);
      } catch (error) {
        if (name !== 'sm') throw error;
      }
    }
  }
  // The library's type of a transport's constructor is narrower than what it calls.
  return Outliving as unknown as Agent['transports'][string];
}
