import type { ConversationId } from '../../../contract/ids.ts';
import { PostcardError } from '../../../contract/errors.ts';
import type { Events } from '../../events.ts';
import type { Media } from '../../media/index.ts';
import { roomById, type ReadableDb, type RoomRow, type WritableDb } from '../../store/index.ts';
import type { Changes } from '../changes.ts';
import type { AccountConnection } from '../connection.ts';
import type { IncomingFiles } from '../incoming-files.ts';
import type { EnteredNotes } from './entered.ts';
import type { Notes } from './notes.ts';

/** What every file of this folder is made of. */
export interface GroupParts {
  readonly db: WritableDb;
  readonly ownAddress: string;
  readonly media: Media;
  readonly files: IncomingFiles;
  readonly connection: AccountConnection;
  readonly changes: Changes;
  readonly events: Events;
  readonly entered: EnteredNotes;
  readonly notes: Notes;
  /** What I am called. */
  ownName(): string;
  log(line: string): void;
}

/** What windows are told: gathered, since a large group comes as a thousand presences. */
export interface Told {
  /** Something that `groups.get` says. */
  group(id: ConversationId): void;
  /** Who is in it, or as what. */
  members(id: ConversationId): void;
  close(): void;
}

/** ms between two events about one group. */
const GATHER = 50;

export function createTold(o: Pick<GroupParts, 'events' | 'changes'>): Told {
  const groups = new Set<ConversationId>();
  const members = new Set<ConversationId>();
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    for (const id of members) o.events.emit('groups.membersChanged', { id });
    for (const id of new Set([...groups, ...members])) o.events.emit('groups.changed', { id });
    groups.clear();
    members.clear();
  };
  const plan = () => void (timer ??= setTimeout(flush, GATHER));
  return {
    group: (id) => {
      groups.add(id);
      o.changes.conversation(id);
      plan();
    },
    members: (id) => {
      members.add(id);
      plan();
    },
    close: () => void (timer !== null && clearTimeout(timer)),
  };
}

/** Throws `not-found` for what is no group. */
export function existingRoom(db: ReadableDb, id: ConversationId): RoomRow {
  const room = roomById(db, id);
  if (room === null) throw new PostcardError('not-found');
  return room;
}
