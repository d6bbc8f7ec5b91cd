import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import { UNDO_SEND, type HeldMessage } from '../../contract/undo-send.ts';
import {
  deleteMessage,
  draftOf,
  durably,
  forgetMessage,
  forgetSentPhotos,
  heldMessages,
  holdAnew,
  messageById,
  nextHeld,
  outboxByMessageId,
  restoreHeldPhoto,
  saveDraft,
  setDraftReply,
  setStagedAlbumCaption,
  type WritableDb,
} from '../store/index.ts';
import type { Message } from '../../contract/messages.ts';
import type { Changes } from './changes.ts';

/** Messages that Send holds back for some seconds: docs/mechanisms/undo-send.md. */
export interface UndoSend {
  /** Unix ms until which what is sent now is held back; 0: it goes at once. */
  until(): number;
  /** Something was held back. */
  arrange(): void;
  /** What the app's last end left held back waits on, long enough for a window to offer Undo. */
  start(): void;
  close(): void;
  readonly handlers: Pick<Handlers, 'messages.held' | 'messages.undoSend'>;
}

/** ms since it should have gone, by which a message is still held back anew after a start: who wrote it is still there. */
const RECENT = 60_000;

export function createUndoSend(o: {
  db: WritableDb;
  changes: Changes;
  /** Settings → Account → Undo send. */
  wanted(): boolean;
  /** What was held back may go. */
  release(): void;
  /** Photos wait in this conversation again. */
  restaged(id: Message['conversationId']): void;
  /** Files that nothing refers to any more are erased. */
  erase(): void;
}): UndoSend {
  const { db } = o;
  let timer: NodeJS.Timeout | null = null;
  /** Written before the start, and no window has asked for them yet. */
  const unseen = new Set<Message['id']>();

  const arrange = () => {
    if (timer) clearTimeout(timer);
    const next = nextHeld(db, Date.now());
    timer = next === null ? null : setTimeout(release, Math.min(next - Date.now(), UNDO_SEND) + 10);
  };
  const release = () => {
    o.release();
    forgetSentPhotos(db);
    arrange();
  };
  const start = () => {
    const now = Date.now();
    holdAnew(db, { after: now - RECENT, until: now + UNDO_SEND });
    for (const { id } of heldMessages(db, now)) unseen.add(id);
    arrange();
  };
  const held = (): { items: HeldMessage[]; restarted: boolean } => {
    const now = Date.now();
    const restarted = heldMessages(db, now).some(({ id }) => unseen.has(id));
    unseen.clear();
    if (restarted) {
      holdAnew(db, { after: now, until: now + UNDO_SEND });
      arrange();
    }
    const items = heldMessages(db, now).map(({ until, ...one }) => ({ ...one, left: until - now }));
    return { items, restarted };
  };
  /** Throws already-sent for what may have left, or was never held back. */
  const retrievable = (id: Message['id']): Message => {
    const row = outboxByMessageId(db, id);
    const message = messageById(db, id);
    const waits = row !== null && row.stage !== 'wire' && row.attempts === 0 && row.nextTry > Date.now();
    if (!message || !waits) throw new PostcardError('already-sent');
    return message;
  };
  /** Its text, when it is to be the draft again. */
  const takeBack = (message: Message): string => {
    const photo = restoreHeldPhoto(db, message.id);
    if (message.replyTo?.id) setDraftReply(db, message.conversationId, message.replyTo.id);
    if (photo && message.album?.caption)
      setStagedAlbumCaption(db, message.conversationId, message.album.caption);
    if (!photo) forgetMessage(db, message.id);
    deleteMessage(db, message.id);
    return photo ? '' : message.text;
  };

  return {
    until: () => (o.wanted() ? Date.now() + UNDO_SEND : 0),
    arrange,
    start,
    close: () => {
      if (timer) clearTimeout(timer);
    },
    handlers: {
      'messages.held': held,
      'messages.undoSend': ({ conversationId, ids }) => {
        const text = durably(db, () => {
          const messages = ids.map(retrievable);
          const texts = [...messages.map(takeBack), draftOf(db, conversationId)];
          const draft = texts.filter((one) => one !== '').join('\n');
          saveDraft(db, conversationId, draft);
          return draft;
        });
        for (const id of ids) o.changes.removed(conversationId, id);
        o.restaged(conversationId);
        o.erase();
        o.release();
        return { text };
      },
    },
  };
}
