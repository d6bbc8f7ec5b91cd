import { randomUUID } from 'node:crypto';
import { PostcardError } from '../../../contract/errors.ts';
import type { Session } from '../../xmpp/index.ts';

/** Characters; what is longer does not come through (modules/postcard-notes.ts). */
const MAX_NOTE = 20_000;

/** A note of this family to a room. `text`: what other apps show. Returns its origin id. Throws `offline`, `text-too-long`. */
export function sendNote(
  session: Session,
  o: { room: string; kind: string; value: object; text?: string },
  id: string = randomUUID(),
): string {
  session.send({ ...bare, id, to: o.room, room: true, body: o.text ?? null, note: noteOf(o.kind, o.value) });
  return id;
}

/** The same, once the room has taken it. Throws besides: `forbidden`, `not-found`, `no-answer`. */
export function tellRoom(session: Session, o: { room: string; kind: string; value: object }): Promise<void> {
  const id = randomUUID();
  return session.rooms.heard(o.room, id, () => void sendNote(session, o, id));
}

/** The same to one person; other apps show nothing. */
export function sendNoteTo(session: Session, o: { address: string; kind: string; value: object }): void {
  session.send({
    ...bare,
    id: randomUUID(),
    to: o.address,
    body: null,
    note: noteOf(o.kind, o.value),
  });
}

const bare = { file: null, wantsReceipt: false, markable: false, tellsChatState: false } as const;

function noteOf(kind: string, value: object) {
  const json = JSON.stringify(value);
  if (json.length > MAX_NOTE) throw new PostcardError('text-too-long', { limit: MAX_NOTE });
  return { family: 'groups', kind, json } as const;
}
