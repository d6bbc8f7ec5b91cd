// XEP-0055: Jabber Search, version 1.3
import type { IQ } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';
import type { FoundPeople, Person } from '../types.ts';
import type { IqPort } from './iq-port.ts';
import { discoInfo, discoItems } from './xep-0030-disco.ts';

const SEARCH = 'jabber:iq:search';

/** The user directory of my server; null where there is none. */
export async function findDirectory(port: IqPort): Promise<string | null> {
  for (const address of [...(await discoItems(port, port.domain)), port.domain]) {
    const info = await discoInfo(port, address);
    const isUsers = info?.identities.some((identity) => identity.category === 'directory') ?? false;
    if (info?.features.includes(SEARCH) && (isUsers || address === port.domain)) return address;
  }
  return null;
}

interface Form {
  fields?: { name?: string }[];
  items?: { fields?: { name?: string; value?: unknown }[] }[];
}

/**
 * Fields that a directory may have; which it has, it says in its form. Asking for an unknown one matches all.
 * `interests`: the built-in hub. `orgunit`: where `withProfile` puts them for ejabberd, which knows the first alone.
 */
const searchable = ['nick', 'fn', 'user', 'interests', 'orgunit'];
const MAX_FOUND = 100;

/**
 * People whose name, user name or interest begins with the text: one question a field, joined, at most 100. ejabberd
 * knows the wildcard at the end only; one at the beginning finds nobody.
 */
export async function searchPeople(port: IqPort, directory: string, query: string): Promise<FoundPeople> {
  const offer = await port.send({ type: 'get', to: directory, search: {} } as unknown as IQ);
  const known = new Set(formOf(offer)?.fields?.map((field) => field.name));
  const interests = known.has('interests') ? 'all' : known.has('orgunit') ? 'first' : 'none';
  const text = query.trim().replaceAll('*', '');
  if (text === '') return { people: [], interests };
  const fields = searchable.filter((field) => known.has(field));
  const answers = await Promise.all(fields.map((field) => ask(port, directory, field, text)));
  const found = new Map<string, Person>();
  for (const person of answers.flat()) if (!found.has(person.address)) found.set(person.address, person);
  return { people: [...found.values()].slice(0, MAX_FOUND), interests };
}

async function ask(port: IqPort, directory: string, name: string, text: string): Promise<Person[]> {
  const form = {
    type: 'submit',
    fields: [
      { name: 'FORM_TYPE', type: 'hidden', value: SEARCH },
      { name, value: `${text}*` },
    ],
  };
  return readPeople(await port.send({ type: 'set', to: directory, search: { form } } as unknown as IQ));
}

export function readPeople(iq: IQ): Person[] {
  return (formOf(iq)?.items ?? []).flatMap((item) => {
    const value = (name: string) => {
      const found = item.fields?.find((field) => field.name === name)?.value;
      return typeof found === 'string' && found.trim() !== '' ? found.trim().slice(0, 200) : null;
    };
    const address = bareAddress(value('jid') ?? undefined);
    return address === null ? [] : [{ address, name: value('nick') ?? value('fn') ?? value('name') }];
  });
}

function formOf(iq: IQ): Form | undefined {
  return (iq as { search?: { form?: Form } }).search?.form;
}
