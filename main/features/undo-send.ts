import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import { UNDO_SEND } from '../../contract/undo-send.ts';
import {
  deleteMessage,
  draftOf,
  durably,
  forgetMessage,
  forgetSentPhotos,
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
  close(): void;
  readonly handlers: Pick<Handlers, 'messages.undoSend'>;
}

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
  /** Throws already-sent for what may have left. */
  const held = (id: Message['id']): Message => {
    const row = outboxByMessageId(db, id);
    const message = messageById(db, id);
    if (!message || row === null || row.stage === 'wire' || row.attempts > 0)
      throw new PostcardError('already-sent');
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
    close: () => {
      if (timer) clearTimeout(timer);
    },
    handlers: {
      'messages.undoSend': ({ conversationId, ids }) => {
        const text = durably(db, () => {
          const messages = ids.map(held);
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
