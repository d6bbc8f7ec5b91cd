import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId, FileSource, PictureCrop } from '../../../contract/ids.ts';
import {
  durably,
  ensureRoom,
  markRoomArchiveKnown,
  type ReadableDb,
  readState,
  roomByAddress,
  updateRoom,
  writeState,
} from '../../store/index.ts';
import type { Session } from '../../xmpp/index.ts';
import { bareAddress } from '../bare-address.ts';
import { createTurns } from '../turns.ts';
import type { Bookmarks } from './bookmarks.ts';
import { nickFrom } from './enter.ts';
import type { GroupInformation } from './information.ts';
import type { Membership } from './membership.ts';
import type { GroupParts, Told } from './parts.ts';
import { parseJson } from './policy-schema.ts';

/** Makes groups, and invites whom they were made for: also after a crash in the middle of it. */
export interface NewGroups {
  /** As `groups.create`. */
  create(o: {
    name: string;
    people: readonly string[];
    picture: FileSource | null;
    crop?: PictureCrop | undefined;
  }): Promise<ConversationId>;
  close(): void;
}

/** Who is still to be made a member and invited: by room. */
const KEY = 'group-invitations-due';
const due = v.record(v.string(), v.array(v.string()));
/** People invited at once. */
const AT_ONCE = 5;
/** ms until a server that took no more invitations is asked again. */
const TRY_AGAIN = 20_000;

const readDue = (db: ReadableDb): Record<string, string[]> => {
  const parsed = v.safeParse(due, parseJson(readState(db, KEY) ?? '{}'));
  return parsed.success ? parsed.output : {};
};

export function createNewGroups(
  o: GroupParts & {
    told: Told;
    membership: Membership;
    bookmarks: Bookmarks;
    information: GroupInformation;
    isBlocked(address: string): boolean;
    /** Everybody has been invited: who is a member now. */
    onInvited(room: string): void;
  },
): NewGroups {
  const { db, connection } = o;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;

  const putDue = (room: string, people: readonly string[]) => {
    const { [room]: _before, ...rest } = readDue(db);
    writeState(db, KEY, JSON.stringify(people.length === 0 ? rest : { ...rest, [room]: people }));
  };
  const inviteDue = async () => {
    for (const room of Object.keys(readDue(db))) {
      for (let people = readDue(db)[room] ?? []; people.length > 0; people = readDue(db)[room] ?? []) {
        if (closed || !connection.isReady() || !o.entered.isIn(room)) return;
        const some = people.slice(0, AT_ONCE);
        const done = await Promise.all(some.map((one) => inviteOne(connection.online(), room, one)));
        if (closed) return;
        putDue(room, [...some.filter((_, at) => !done[at]), ...people.slice(some.length)]);
        if (done.includes(false)) return later();
      }
      o.onInvited(room);
    }
  };
  /**
   * Who wants no invitation gets none, and is a member who never comes; whom the room refuses is none. False where the
   * server takes no more of them for now.
   */
  const inviteOne = async (session: Session, room: string, address: string): Promise<boolean> => {
    try {
      await session.rooms.setAffiliation(room, address, 'member', '');
      // The room's address says nothing to whoever is asked.
      await session.rooms.invite(room, address, roomByAddress(db, room)?.name ?? '');
    } catch (error) {
      if (!(error instanceof PostcardError) || error.code === 'offline' || error.code === 'no-answer')
        throw error;
      if (isTooMuch(error)) return false;
      o.log(`somebody could not be invited: ${error.code}`);
    }
    return true;
  };
  const later = () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => turns.ask(), TRY_AGAIN);
  };
  const turns = createTurns(inviteDue, (error) => {
    if (!(error instanceof PostcardError)) o.log(`inviting stopped: ${String(error)}`);
    // Who is left is written down; without a connection the next one goes on.
    else if (error.code === 'no-answer' && !closed) later();
  });
  o.entered.listen({ entered: () => turns.ask() });

  return {
    create: async ({ name, people, picture, crop }) => {
      const session = connection.online();
      const service = await session.rooms.service();
      if (service === null) throw new PostcardError('groups-unsupported');
      const invited = [...new Set(people.map(bareAddress))].filter(
        (address) => address !== o.ownAddress && !o.isBlocked(address),
      );
      const address = `${randomBytes(9).toString('hex')}@${service}`;
      const nick = nickFrom(o.ownName(), o.ownAddress);
      await session.rooms.create(address, nick, { ...CONFIG, name });
      const id = durably(db, () => {
        const made = ensureRoom(db, { address, name, nick, state: 'joining' });
        updateRoom(db, made, { rank: 'owner' });
        // There is nothing in it from before: all that comes is news.
        markRoomArchiveKnown(db, made);
        putDue(address, invited);
        return made;
      });
      o.bookmarks.add(address);
      await o.membership.enter(id);
      if (picture !== null) await ignoringFailure(o, o.information.setPicture(id, picture, crop));
      turns.ask();
      o.told.group(id);
      return id;
    },
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
      turns.close();
    },
  };
}

/** RFC 6120 section 8.3.3.18: so many in a while, and more later. */
export const isTooMuch = (error: PostcardError): boolean =>
  error.detail['condition'] === 'resource-constraint';

const CONFIG = {
  description: '',
  membersOnly: true,
  persistent: true,
  public: false,
  moderated: true,
  membersMayInvite: true,
} as const;

/** The group is there: that it has no picture yet is shown, and can be mended in its settings. */
async function ignoringFailure(o: Pick<GroupParts, 'log'>, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    o.log(`a new group has no picture: ${error instanceof PostcardError ? error.code : String(error)}`);
  }
}
