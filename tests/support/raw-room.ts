import { randomUUID } from 'node:crypto';
import { rawClient, type RawClient } from './raw-client.ts';
import type { TestServer } from './servers.ts';
import { until } from './wait.ts';

/** Somebody in rooms whose app keeps to nothing: what is refused is refused by the server. */
export interface RawMember {
  readonly client: RawClient;
  readonly address: string;
  readonly nick: string;
  /** Asks; resolves with 'ok', or the condition of the refusal. */
  ask(type: 'get' | 'set', to: string, payload: string): Promise<string>;
  enter(room: string, nick?: string): Promise<string>;
  /** Says something; 'ok' once it has come back from the room. */
  say(room: string, children: string): Promise<string>;
  /** A message to which no answer has to come; 'ok' where none came before a question asked after it. */
  send(to: string, type: string, children: string): Promise<string>;
  /** The bodies in a room's archive, or the condition of the refusal. */
  archive(room: string): Promise<string[] | string>;
}

/** Where in a frame a condition stands (RFC 6120 section 8.3.2). */
const CONDITION = /<([a-z-]+)[^<>]*xmlns=['"]urn:ietf:params:xml:ns:xmpp-stanzas['"]/;
const isError = (frame: string) => /^<\w+[^>]*\stype=['"]error['"]/.test(frame);
const outcome = (frame: string) => (isError(frame) ? (CONDITION.exec(frame)?.[1] ?? 'error') : 'ok');

export async function rawMember(server: TestServer, username: string): Promise<RawMember> {
  const client = await rawClient(server, username);
  /** The first frame from now on that has this in its first tag. */
  const answer = async (marker: string, what: string, from = 0) =>
    until(
      () => client.frames.slice(from).find((frame) => (/^<[^>]*>/.exec(frame)?.[0] ?? '').includes(marker)),
      { what: `${username} to get an answer to ${what} on ${server.kind}` },
    );
  const ask: RawMember['ask'] = async (type, to, payload) => {
    const id = randomUUID();
    client.sendXml(`<iq xmlns='jabber:client' type='${type}' to='${to}' id='${id}'>${payload}</iq>`);
    return outcome(await answer(id, payload));
  };
  const message = (to: string, type: string, children: string) => {
    const id = randomUUID();
    client.sendXml(
      `<message xmlns='jabber:client' type='${type}' to='${to}' id='${id}'>${children}</message>`,
    );
    return id;
  };
  const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
  return {
    client,
    address: client.address,
    nick: username,
    ask,
    async enter(room, nick = username) {
      const from = client.frames.length;
      client.sendXml(
        `<presence xmlns='jabber:client' to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'>` +
          `<history maxstanzas='0'/></x></presence>`,
      );
      const mine = (frame: string) =>
        frame.startsWith('<presence') &&
        frame.includes(room) &&
        (isError(frame) || /code=['"]110['"]/.test(frame));
      const frame = await until(() => client.frames.slice(from).find(mine), {
        what: `${username} to enter ${room} on ${server.kind}`,
      });
      return outcome(frame);
    },
    async say(room, children) {
      return outcome(await answer(message(room, 'groupchat', children), children));
    },
    async send(to, type, children) {
      const id = message(to, type, children);
      await ask('get', to.split('/')[0] ?? to, info);
      const frame = client.frames.find((one) => one.includes(id) && isError(one));
      return frame === undefined ? 'ok' : outcome(frame);
    },
    async archive(room) {
      const queryId = randomUUID();
      const answered = await ask('set', room, `<query xmlns='urn:xmpp:mam:2' queryid='${queryId}'/>`);
      if (answered !== 'ok') return answered;
      return client.frames
        .filter((frame) => frame.includes(queryId))
        .flatMap((frame) => /<body[^>]*>([^<]*)<\/body>/.exec(frame)?.[1] ?? []);
    },
  };
}

const ADMIN = 'http://jabber.org/protocol/muc#admin';
const OWNER = 'http://jabber.org/protocol/muc#owner';

/** What can be asked of a room, as it stands on the wire. */
export const payloads = {
  affiliation: (address: string, affiliation: string) =>
    `<query xmlns='${ADMIN}'><item jid='${address}' affiliation='${affiliation}'/></query>`,
  role: (nick: string, role: string) =>
    `<query xmlns='${ADMIN}'><item nick='${nick}' role='${role}'/></query>`,
  list: (affiliation: string) => `<query xmlns='${ADMIN}'><item affiliation='${affiliation}'/></query>`,
  moderate: (stanzaId: string) =>
    `<moderate xmlns='urn:xmpp:message-moderate:1' id='${stanzaId}'>` +
    `<retract xmlns='urn:xmpp:message-retract:1'/><reason>off topic</reason></moderate>`,
  configure: (field: string, value: string) =>
    `<query xmlns='${OWNER}'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>` +
    `<value>http://jabber.org/protocol/muc#roomconfig</value></field>` +
    `<field var='${field}'><value>${value}</value></field></x></query>`,
  form: () => `<query xmlns='${OWNER}'/>`,
  destroy: () => `<query xmlns='${OWNER}'><destroy/></query>`,
  invite: (address: string) => `<x xmlns='http://jabber.org/protocol/muc#user'><invite to='${address}'/></x>`,
  body: (text: string) => `<body>${text}</body>`,
  subject: (text: string) => `<subject>${text}</subject>`,
} as const;
