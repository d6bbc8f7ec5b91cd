import * as v from 'valibot';
import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import { allRooms, durably, readState, roomByAddress, updateRoom, writeState } from '../../store/index.ts';
import type { PrivateItem } from '../../xmpp/index.ts';
import { createTurns } from '../turns.ts';
import { guidelinesHash } from './describe.ts';
import { existingRoom, type GroupParts, type Told } from './parts.ts';
import { parseJson, policyOf } from './policy-schema.ts';

/** Private to the account (XEP-0223); an item a group, its id the room's address: once accepted, accepted everywhere. */
const NODE = 'urn:postcard:guidelines:0';
/** Rooms whose acceptance the server has not been told. */
const KEY = 'group-guidelines-due';
const MAX_ITEM = 1_000;

const payload = v.object({ accepted: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });
const due = v.array(v.string());

/** Guidelines that I accepted, on all my devices. */
export function createGuidelines(o: GroupParts & { told: Told }): {
  readonly handlers: Pick<Handlers, 'groups.acceptGuidelines'>;
  /** A group has come that was not here: another device may have accepted there. */
  ask(): void;
  close(): void;
} {
  const { db, connection } = o;
  let fetched = false;
  let closed = false;

  const readDue = () => {
    const parsed = v.safeParse(due, parseJson(readState(db, KEY) ?? '[]'));
    return parsed.success ? parsed.output : [];
  };
  const take = ({ id, text }: PrivateItem) => {
    const parsed = v.safeParse(payload, text.length > MAX_ITEM ? null : parseJson(text));
    const room = roomByAddress(db, id);
    if (!parsed.success || room === null || readDue().includes(id)) return;
    if (updateRoom(db, room.conversationId, { acceptedGuidelines: parsed.output.accepted }))
      o.told.group(room.conversationId);
  };
  const publish = async () => {
    for (const address of readDue()) {
      const accepted = roomByAddress(db, address)?.acceptedGuidelines ?? null;
      if (accepted !== null)
        await connection
          .online()
          .privateStorage.publish(NODE, { id: address, text: JSON.stringify({ accepted }) });
      if (closed) return;
      if (roomByAddress(db, address)?.acceptedGuidelines === accepted)
        writeState(db, KEY, JSON.stringify(readDue().filter((one) => one !== address)));
    }
  };
  const turns = createTurns(
    async () => {
      if (!connection.isReady() || allRooms(db).length === 0) return;
      if (!fetched) {
        const items = await connection.online().privateStorage.items(NODE);
        if (closed) return;
        fetched = true;
        items.forEach(take);
      }
      await publish();
    },
    // Where the server keeps no such data they are accepted on each device.
    (error) =>
      o.log(`accepted guidelines stay here: ${error instanceof PostcardError ? error.code : String(error)}`),
  );
  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed) fetched = false;
      turns.ask();
    },
    onPrivateItem: ({ node, ...item }) => {
      if (node === NODE) take(item);
    },
  });

  return {
    handlers: {
      'groups.acceptGuidelines': ({ id }) => {
        const room = existingRoom(db, id);
        const { guidelines } = policyOf(room.policy);
        if (guidelines === '') return;
        durably(db, () => {
          updateRoom(db, id, { acceptedGuidelines: guidelinesHash(guidelines) });
          writeState(db, KEY, JSON.stringify([...new Set([...readDue(), room.address])]));
        });
        o.told.group(id);
        turns.ask();
      },
    },
    ask: () => {
      fetched = false;
      turns.ask();
    },
    close: () => {
      closed = true;
      turns.close();
    },
  };
}
