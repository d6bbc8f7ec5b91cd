import * as v from 'valibot';
import { MAX_NOTE, MAX_TAG, MAX_TAGS } from '../../contract/people.ts';
import type { Handlers } from '../../contract/index.ts';
import {
  allTags,
  contactNote,
  durably,
  markNoteSynced,
  saveContactNote,
  transact,
  unsyncedNotes,
  type ContactNote,
  type WritableDb,
} from '../store/index.ts';
import type { PrivateItem } from '../xmpp/index.ts';
import type { AccountConnection } from './connection.ts';
import { asPostcardError } from './media-errors.ts';
import type { PeopleChanges } from './people-changes.ts';
import { cleanText, cleanWords } from './plain-text.ts';

/** One item an address, readable by nobody else (XEP-0223). */
const NODE = 'urn:postcard:contacts:0';
/** Characters of one item that another device may send. */
const MAX_ITEM = 20_000;

const payload = v.object({
  note: v.string(),
  tags: v.array(v.string()),
  changedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** A private note and tags on a contact: here at once, on my other devices where the server keeps private data. */
export function createContactNotes(o: {
  db: WritableDb;
  connection: AccountConnection;
  told: PeopleChanges;
  log(line: string): void;
}): { readonly handlers: Pick<Handlers, 'people.setNote' | 'people.setTags' | 'people.tags'> } {
  const { db, connection } = o;
  let running: Promise<void> | null = null;

  const change = (address: string, given: Partial<Pick<ContactNote, 'note' | 'tags'>>) => {
    const before = contactNote(db, address);
    // Later than what is stored, whatever another device's clock said.
    const changedAt = Math.max(Date.now(), before.changedAt + 1);
    durably(db, () => saveContactNote(db, { ...before, ...given, changedAt }, { unsynced: true }));
    o.told.person(address);
    push();
  };
  const takeOver = (items: readonly PrivateItem[]) => {
    const told = transact(db, () => items.flatMap((item) => keep(db, item) ?? []));
    for (const address of told) o.told.person(address);
  };
  const publish = async () => {
    const { privateStorage } = connection.online();
    for (let waiting = unsyncedNotes(db); waiting.length > 0; waiting = unsyncedNotes(db)) {
      for (const { address, ...note } of waiting) {
        await privateStorage.publish(NODE, { id: address, text: JSON.stringify(note) });
        markNoteSynced(db, { address, changedAt: note.changedAt });
      }
    }
  };
  const run = (what: () => Promise<void>) => {
    if (!connection.isReady()) return;
    running ??= what()
      .catch((error: unknown) => o.log(`notes wait: ${asPostcardError(error)?.code ?? String(error)}`))
      .finally(() => (running = null));
  };
  const push = () => run(publish);

  connection.listen({
    onReady: ({ resumed }) =>
      resumed
        ? push()
        : run(async () => {
            takeOver(await connection.online().privateStorage.items(NODE));
            await publish();
          }),
    onPrivateItem: ({ node, ...item }) => {
      if (node === NODE) takeOver([item]);
    },
  });

  return {
    handlers: {
      'people.setNote': ({ address, note }) => change(address, { note: cleanText(note, MAX_NOTE) }),
      'people.setTags': ({ address, tags }) => change(address, { tags: cleanTags(tags) }),
      'people.tags': () => allTags(db),
    },
  };
}

const cleanTags = (tags: readonly string[]): string[] =>
  cleanWords(tags, { words: MAX_TAGS, length: MAX_TAG });

/** What another device published: the newest wins. The address where it changed something. */
function keep(db: WritableDb, { id, text }: PrivateItem): string | null {
  if (text.length > MAX_ITEM || id.length > 3071) return null;
  const parsed = v.safeParse(payload, parseJson(text));
  if (!parsed.success || parsed.output.changedAt <= contactNote(db, id).changedAt) return null;
  const { note, tags, changedAt } = parsed.output;
  const kept = { address: id, note: cleanText(note, MAX_NOTE), tags: cleanTags(tags), changedAt };
  saveContactNote(db, kept, { unsynced: false });
  return id;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
