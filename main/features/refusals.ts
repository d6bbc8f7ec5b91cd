import * as v from 'valibot';
import type { ConversationId } from '../../contract/ids.ts';
import {
  conversationByAddress,
  isRefused,
  markRefusalSynced,
  refuseRequest,
  restoreRequest,
  setRefused,
  takeRefusal,
  transact,
  unsyncedRefusals,
  type WritableDb,
} from '../store/index.ts';
import type { PrivateItem } from '../xmpp/index.ts';
import type { AccountConnection } from './connection.ts';
import { asPostcardError } from './media-errors.ts';

/** Whom I refused, on all my devices: one item an address, readable by nobody else (XEP-0223). */
const NODE = 'urn:postcard:refused:0';
/** Characters of one item that another device may send, and of its address (RFC 7622). */
const MAX_ITEM = 1_000;
const MAX_ADDRESS = 3071;

const payload = v.object({
  refused: v.boolean(),
  changedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export interface Refusals {
  has(address: string): boolean;
  /** Stored when it returns, given to other devices as soon as there is a connection. Nothing where it is so already. */
  set(address: string, refused: boolean): void;
}

/** Also applies to the requests that are here what another device decided. */
export function keepRefusals(o: {
  db: WritableDb;
  connection: AccountConnection;
  /** Their requests are out of the lists for another reason. */
  isBlocked(address: string): boolean;
  /** A request went or came back: another device decided so. */
  changed(id: ConversationId): void;
  log(line: string): void;
}): Refusals {
  const { db, connection } = o;
  let running: Promise<void> | null = null;

  const takeOver = (items: readonly PrivateItem[]) => {
    const taken = transact(db, () => items.flatMap((item) => keep(db, item) ?? []));
    for (const { address, refused } of taken) apply(address, refused);
  };
  const apply = (address: string, refused: boolean) => {
    const conversation = conversationByAddress(db, address);
    if (!conversation || o.isBlocked(address)) return;
    const done = (refused ? refuseRequest : restoreRequest)(db, conversation.id);
    if (done) o.changed(conversation.id);
  };
  const publish = async () => {
    const { privateStorage } = connection.online();
    for (let waiting = unsyncedRefusals(db); waiting.length > 0; waiting = unsyncedRefusals(db)) {
      for (const refusal of waiting) {
        const { address, ...rest } = refusal;
        await privateStorage.publish(NODE, { id: address, text: JSON.stringify(rest) });
        markRefusalSynced(db, refusal);
      }
    }
  };
  const run = (what: () => Promise<void>) => {
    if (!connection.isReady()) return;
    running ??= what()
      .catch((error: unknown) =>
        o.log(`refusals stay on this device for now: ${asPostcardError(error)?.code ?? String(error)}`),
      )
      .finally(() => (running = null));
  };

  connection.listen({
    // Also of a stream that goes on: not every server keeps events for one that was away.
    onReady: () =>
      run(async () => {
        takeOver(await connection.online().privateStorage.items(NODE));
        await publish();
      }),
    onPrivateItem: ({ node, ...item }) => {
      if (node === NODE) takeOver([item]);
    },
  });

  return {
    has: (address) => isRefused(db, address),
    set: (address, refused) => {
      if (isRefused(db, address) === refused) return;
      setRefused(db, address, refused);
      run(publish);
    },
  };
}

/** What another device published; null where it is older than what is here, or not sound. */
function keep(db: WritableDb, { id, text }: PrivateItem): { address: string; refused: boolean } | null {
  if (text.length > MAX_ITEM || id.length > MAX_ADDRESS) return null;
  const parsed = v.safeParse(payload, parseJson(text));
  if (!parsed.success || !takeRefusal(db, { address: id, ...parsed.output })) return null;
  return { address: id, refused: parsed.output.refused };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
