// XEP-0045: Multi-User Chat, version 1.35.1, sections 10.1, 10.2 and 10.9; XEP-0004: Data Forms, version 2.13.1
import type { IQ } from 'stanza/protocol/index.js';
import type { RoomConfig } from '../room-types.ts';
import type { IqPort } from './iq-port.ts';

/** Our hub's own. */
const HISTORY = 'urn:postcard:rooms:0#history';

interface Field {
  readonly name?: string;
  readonly type?: string;
  readonly value?: unknown;
  readonly rawValues?: readonly string[];
}

/** What a field is called; servers differ in some. */
const texts = {
  name: ['muc#roomconfig_roomname'],
  description: ['muc#roomconfig_roomdesc'],
} as const;
const flags = {
  membersOnly: ['muc#roomconfig_membersonly'],
  persistent: ['muc#roomconfig_persistentroom'],
  public: ['muc#roomconfig_publicroom'],
  moderated: ['muc#roomconfig_moderatedroom'],
  membersMayInvite: [
    'muc#roomconfig_allowinvites',
    // Prosody asks twice: the first is for rooms that are open.
    '{http://prosody.im/protocol/muc}roomconfig_allowmemberinvites',
  ],
  history: [HISTORY],
} as const;

/** What a new room is told besides: everybody's address is seen, and what is said is kept. */
const always: readonly (readonly [name: string, value: string])[] = [
  ['muc#roomconfig_whois', 'anyone'],
  ['muc#roomconfig_enablearchiving', '1'],
  ['mam', '1'],
  ['muc#roomconfig_mam', '1'],
  ['muc#roomconfig_changesubject', '0'],
];

type Config = Required<Omit<RoomConfig, 'history'>> & { readonly history: boolean | null };

async function fetchFields(port: IqPort, room: string): Promise<Map<string, Field>> {
  const answer = await port.send({ type: 'get', to: room, muc: { type: 'configure' } } as unknown as IQ);
  const form = (answer.muc as { form?: { fields?: readonly Field[] } } | undefined)?.form;
  return new Map((form?.fields ?? []).flatMap((field) => (field.name ? [[field.name, field]] : [])));
}

const offeredOf = (fields: ReadonlyMap<string, Field>, names: readonly string[]): Field[] =>
  names.flatMap((name) => fields.get(name) ?? []);
const textOf = (field: Field | undefined): string => field?.rawValues?.join('\n').trim() ?? '';
const isOn = (field: Field): boolean => ['1', 'true'].includes(field.rawValues?.[0] ?? '');

/** What the form says now. Throws IqError. */
export async function fetchConfig(port: IqPort, room: string): Promise<Config> {
  const fields = await fetchFields(port, room);
  const flag = (name: keyof typeof flags) => {
    const offered = offeredOf(fields, flags[name]);
    return offered.length > 0 && offered.every(isOn);
  };
  return {
    name: textOf(offeredOf(fields, texts.name)[0]),
    description: textOf(offeredOf(fields, texts.description)[0]),
    membersOnly: flag('membersOnly'),
    persistent: flag('persistent'),
    public: flag('public'),
    moderated: flag('moderated'),
    membersMayInvite: flag('membersMayInvite'),
    history: fields.has(HISTORY) ? flag('history') : null,
  };
}

/**
 * Writes what is given and the form offers, and of a new room what it needs besides. Nothing else is sent: what a form
 * leaves out stays as it is (section 10.2). Throws IqError.
 */
export async function saveConfig(
  port: IqPort,
  room: string,
  config: RoomConfig,
  isNew: boolean,
): Promise<void> {
  const offered = await fetchFields(port, room);
  const written: { name: string; type?: string; value: string | boolean }[] = [
    { name: 'FORM_TYPE', type: 'hidden', value: 'http://jabber.org/protocol/muc#roomconfig' },
  ];
  const write = (names: readonly string[], value: string | boolean | undefined) => {
    if (value === undefined) return;
    for (const name of names) if (offered.has(name)) written.push({ name, value });
  };
  write(texts.name, config.name);
  write(texts.description, config.description);
  for (const [key, names] of Object.entries(flags)) write(names, config[key as keyof typeof flags]);
  if (isNew) for (const [name, value] of always) write([name], value);
  const form = { type: 'submit', fields: written };
  await port.send({ type: 'set', to: room, muc: { type: 'configure', form } } as unknown as IQ);
}

/** Section 10.9. Throws IqError. */
export async function destroyRoom(port: IqPort, room: string, reason: string): Promise<void> {
  const destroy = reason === '' ? {} : { reason };
  await port.send({ type: 'set', to: room, muc: { type: 'configure', destroy } } as unknown as IQ);
}
