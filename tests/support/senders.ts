import { randomUUID } from 'node:crypto';
import { newName } from './each-server.ts';
import type { Person } from './people.ts';
import { rawClient, type RawClient } from './raw-client.ts';
import type { TestServer } from './servers.ts';
import { until } from './wait.ts';

/** What somebody with any app is to a person who uses Postcard. */
export type Relation = 'stranger' | 'follower' | 'friend';
export type Kind = 'text' | 'photo' | 'invitation';

/** Somebody with a bare client who tries to reach a person. */
export interface Sender {
  readonly client: RawClient;
  readonly relation: Relation;
  /** Puts one on the wire; the id by which `refused` knows it. */
  send(kind: Kind): string;
  /** Whether it came back as an error. */
  refused(id: string): boolean;
}

const follows = (client: RawClient, address: string, subscription: string) =>
  until(
    async () =>
      (await client.agent.getRoster()).items.some(
        (item) => item.jid === address && item.subscription === subscription,
      ),
    { what: `${client.address} to have ${address} as ${subscription}` },
  );

/** A new account that follows the person, is followed back, or neither. */
export async function sender(
  server: TestServer,
  person: Person,
  address: string,
  relation: Relation,
): Promise<Sender> {
  const client = await rawClient(server, newName(relation));
  if (relation !== 'stranger') {
    client.agent.subscribe(address);
    await follows(client, address, 'to');
  }
  if (relation === 'friend') {
    client.agent.on('subscribe', ({ from }) => client.agent.acceptSubscription(from));
    await person.call('people.follow', { address: client.address });
    await follows(client, address, 'both');
    const isFriend = async () =>
      (await person.call('people.profile', { address: client.address })).relation === 'friend';
    await until(isFriend, { what: 'the person to know of the friend' });
  }
  return {
    client,
    relation,
    send: (kind) => {
      const id = `${kind}-${randomUUID()}`;
      client.sendXml(stanza(kind, address, id));
      return id;
    },
    refused: (id) =>
      client.frames.some((xml) => xml.includes(id) && /^<message[^>]* type=["']error/.test(xml)),
  };
}

/** The text is the id, so that it is known again on the other side. */
function stanza(kind: Kind, to: string, id: string): string {
  const open = `<message xmlns='jabber:client' to='${to}' type='chat' id='${id}'>`;
  const url = `https://files.example.org/${id}.jpg`;
  const payload = {
    text: `<body>${id}</body>`,
    photo: `<body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x>`,
    invitation: `<x xmlns='jabber:x:conference' jid='${id}@rooms.localhost' reason='${id}'/>`,
  }[kind];
  return `${open}${payload}</message>`;
}
