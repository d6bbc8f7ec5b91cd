import type { Conversation } from '../../contract/conversations.ts';
import type { Group, GroupMember, ModerationEntry } from '../../contract/groups.ts';
import type { ConversationId } from '../../contract/ids.ts';
import { newName } from './each-server.ts';
import { acquainted, Person } from './people.ts';
import type { TestServer } from './servers.ts';
import { until } from './wait.ts';

/** People who use Postcard and are in groups, as their windows see it. Each is handed to `opened` as it is made. */
export type Opened = <T extends { close(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

/** New accounts of people who know each other and let everybody invite them. */
export async function newPeople(server: TestServer, opened: Opened, ...names: string[]): Promise<Person[]> {
  const all = await Promise.all(names.map((name) => opened(Person.create(server, newName(name)))));
  await acquainted(...all);
  for (const person of all) await person.call('accountSettings.set', { whoCanInvite: 'everyone' });
  return all;
}

export async function groupsOf(person: Person): Promise<Conversation[]> {
  const { items } = await person.call('conversations.list', { folder: 'inbox', before: null, limit: 100 });
  return items.filter(({ kind }) => kind === 'group');
}

/** A group as somebody sees it, once it is so. */
export const groupSeen = (
  person: Person,
  address: string,
  fits: (group: Group) => boolean,
  what: string,
): Promise<Group> =>
  until(
    async () => {
      const id = (await groupsOf(person)).find((one) => one.address === address)?.id;
      const found = id === undefined ? null : await person.call('groups.get', { id });
      return found !== null && fits(found) ? found : undefined;
    },
    { what: `a group: ${what}` },
  );

/** Waits for an invitation to a room and accepts it; `inviter`: whose log is shown beside theirs where none comes. */
export async function accepts(person: Person, room: string, inviter?: Person): Promise<ConversationId> {
  const invitation = await until(
    async () => {
      const { invitations } = await person.call('requests.list', { before: null, limit: 100 });
      return invitations.find((one) => one.room === room);
    },
    { what: 'an invitation' },
  ).catch(async (error: Error) => {
    const groups = (await groupsOf(person)).map(({ address }) => address);
    const logs = `invited: ${person.logTail()}; inviting: ${inviter?.logTail() ?? ''}`;
    throw new Error(`${error.message} to ${room}; in ${groups.join(', ')}; ${logs}`, { cause: error });
  });
  return (await person.call('groups.acceptInvitation', { id: invitation.id })).id;
}

export const memberSeen = (
  person: Person,
  id: ConversationId,
  address: string,
  fits: (member: GroupMember) => boolean,
  what: string,
): Promise<GroupMember> =>
  until(
    async () => {
      const page = await person.call('groups.members', { id, query: '', before: null, limit: 200 });
      const found = page.items.find((one) => one.address === address);
      return found && fits(found) ? found : undefined;
    },
    { what: `a member: ${what}` },
  );

/** The log, oldest first, once it has this many entries. */
export const logSeen = (person: Person, id: ConversationId, entries: number): Promise<ModerationEntry[]> =>
  until(
    async () => {
      const { items } = await person.call('groups.log', { id, before: null, limit: 100 });
      return items.length >= entries ? items.toReversed() : undefined;
    },
    { what: `${entries} lines of the log` },
  );

export interface TwoInGroup {
  readonly anna: Person;
  readonly bert: Person;
  /** Their bare addresses. */
  readonly a: string;
  readonly b: string;
  /** The group as each of them has it. */
  readonly id: ConversationId;
  readonly theirs: ConversationId;
  readonly room: string;
}

/** Anna made a group, and Bert is in it. */
export async function twoInGroup(server: TestServer, opened: Opened): Promise<TwoInGroup> {
  const [anna, bert] = await newPeople(server, opened, 'anna', 'bert');
  if (!anna || !bert) throw new Error('Nobody was made');
  const b = await bert.ownAddress();
  const made = await anna.call('groups.create', { name: 'Walks', people: [b], picture: null });
  const theirs = await accepts(bert, made.address, anna);
  await memberSeen(anna, made.id, b, (m) => m.present, 'bert there');
  return { anna, bert, a: await anna.ownAddress(), b, id: made.id, theirs, room: made.address };
}
