import { randomUUID } from 'node:crypto';
import { connect, register } from '../../main/xmpp/index.ts';
import type { InboundHandlers, InboundMessage, OutboundMessage, Session } from '../../main/xmpp/index.ts';
import { PostcardError } from '../../contract/errors.ts';
import { password } from './people.ts';
import type { TestServer } from './servers.ts';
import { until } from './wait.ts';

type Event = {
  [K in keyof InboundHandlers]: { name: K; value: Parameters<InboundHandlers[K]>[0] };
}[keyof InboundHandlers];

/** Somebody with our way to the network alone, above which no feature is: for what rooms do. */
export interface RoomMember {
  /** Bare. */
  readonly address: string;
  readonly nick: string;
  readonly session: Session;
  readonly events: readonly Event[];
  of<K extends keyof InboundHandlers>(name: K): Parameters<InboundHandlers[K]>[0][];
  /** Says something to a room; resolves with it as it came back. */
  say(room: string, body: string, more?: Partial<OutboundMessage>): Promise<InboundMessage>;
  /** Waits for a message of a room that fits. */
  heard(room: string, fits: string | ((message: InboundMessage) => boolean)): Promise<InboundMessage>;
  /** Waits for something else that came. */
  told<K extends keyof InboundHandlers>(
    name: K,
    fits: (value: Parameters<InboundHandlers[K]>[0]) => boolean,
  ): Promise<Parameters<InboundHandlers[K]>[0]>;
  /** All bodies of a room's archive, oldest first. */
  archived(room: string): Promise<(string | null)[]>;
  close(how?: { keepResumable?: boolean }): Promise<void>;
}

/** Makes the account unless it is there, and connects. `resume`: what an earlier connection left. */
export async function roomMember(
  server: TestServer,
  username: string,
  o: {
    endpoint?: string;
    resource?: string;
    /** Called as soon as the stream can be written to, as a feature would be. */
    onReady?(session: Session): void;
    resume?: string | null;
    saveResume?(state: string | null): void;
  } = {},
): Promise<RoomMember> {
  const target = { domain: server.domain, endpoint: o.endpoint ?? server.webSocket };
  await register({ target, username, password, form: null, log: () => undefined }).catch(unlessTaken);
  const events: Event[] = [];
  // A proxy has every handler, also one that is added later.
  const handlers = new Proxy({} as InboundHandlers, {
    get: (_, name) => (value: unknown) => {
      events.push({ name, value } as unknown as Event);
      if (name === 'onReady') o.onReady?.(session);
    },
  });
  const session = connect({
    address: `${username}@${server.domain}`,
    password,
    target,
    resource: o.resource ?? 'desk',
    mechanism: null,
    resume: o.resume ?? null,
    saveResume: (state) => o.saveResume?.(state),
    handlers,
    log: () => undefined,
  });
  const of = <K extends keyof InboundHandlers>(name: K) =>
    events.flatMap((event) =>
      event.name === name ? [event.value as Parameters<InboundHandlers[K]>[0]] : [],
    );
  await until(() => of('onReady').length > 0, { what: `${username} to be connected to ${server.kind}` });
  const heard: RoomMember['heard'] = (room, fits) =>
    until(
      () =>
        of('onMessage').find(
          (m) => m.peer === room && (typeof fits === 'string' ? m.body === fits : fits(m)),
        ),
      { what: `${username} to hear ${String(fits)} on ${server.kind}` },
    );
  return {
    address: `${username}@${server.domain}`,
    nick: username,
    session,
    events,
    of,
    heard,
    say(room, body, more = {}) {
      const id = randomUUID();
      session.send({ ...plain, id, to: room, body, room: true, ...more });
      return heard(room, (m) => m.originId === id);
    },
    told: (name, fits) =>
      until(() => of(name).find(fits), { what: `${username} to be told ${name} on ${server.kind}` }),
    async archived(room) {
      const { messages } = await session.rooms.archive(room).page({ max: 100, before: true });
      return messages.map(({ body }) => body);
    },
    close: (how) => session.close(how),
  };
}

const plain = {
  file: null,
  wantsReceipt: false,
  markable: false,
  tellsChatState: false,
} as const satisfies Partial<OutboundMessage>;

/** A message to a room with this id. */
export const text = (to: string, body: string | null, id: string): OutboundMessage => ({
  ...plain,
  id,
  to,
  body,
  room: true,
});

function unlessTaken(error: unknown): void {
  if (!(error instanceof PostcardError) || error.code !== 'username-taken') throw error;
}

/** The code that a call fails with; 'ok' when it does not. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (error instanceof PostcardError) return error.code;
    throw error;
  }
}

export const groupConfig = {
  name: 'Walkers',
  description: 'On Sundays',
  membersOnly: true,
  persistent: true,
  public: false,
  moderated: true,
  membersMayInvite: true,
} as const;

/** A new group of these people, all of them in it; the first one owns it. */
export async function groupOf(
  [owner, ...others]: readonly [RoomMember, ...RoomMember[]],
  name: string,
): Promise<string> {
  const room = `${name}@${(await owner.session.rooms.service()) ?? ''}`;
  await owner.session.rooms.create(room, owner.nick, groupConfig);
  for (const one of others) {
    await owner.session.rooms.setAffiliation(room, one.address, 'member', '');
    await one.session.rooms.enter(room, one.nick);
  }
  return room;
}
