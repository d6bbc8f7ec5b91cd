import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import { draftReply, markFor, messageById, setDraftReply, type WritableDb } from '../store/index.ts';

/** What a draft answers, kept with it: docs/mechanisms/replies.md. */
export const replyHandlers = (db: WritableDb): Pick<Handlers, 'replies.setDraft' | 'replies.draft'> => ({
  'replies.setDraft': ({ conversationId, id }) => {
    if (id !== null && markFor(db, id) === null) throw new PostcardError('not-found');
    setDraftReply(db, conversationId, id);
  },
  'replies.draft': ({ conversationId }) => {
    const id = draftReply(db, conversationId);
    return { message: id === null ? null : messageById(db, id) };
  },
});
