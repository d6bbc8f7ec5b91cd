/** The account's database: docs/mechanisms/store.md. */
export type { ReadableDb, WritableDb } from './db.ts';
export type * from './rows.ts';
export * from './open.ts';
export * from './conversations.ts';
export * from './unread.ts';
export * from './insert.ts';
export * from './kept-voice.ts';
export * from './messages.ts';
export * from './changes.ts';
export * from './effects.ts';
export type { Erasure } from './erasure.ts';
export { addErasure, dropBackups, erasureDone, pendingErasure, scrub } from './erasure.ts';
export * from './outgoing-effects.ts';
export { forgetReply, draftReply, markFor, repliesTo, setDraftReply, takeDraftReply } from './replies.ts';
export { forgetReactions, isOwn, reactionsBy, setReactions } from './reactions.ts';
export * from './held.ts';
export {
  forgetMentions,
  groupPeople,
  hasGroups,
  isGroup,
  noteMentions,
  noteModerated,
  noteOwnMessage,
  noteRef,
  slowModeOf,
  stanzaIdOf,
} from './group-messages.ts';
export * from './outgoing-notes.ts';
export type { PollNoteBodies, PollNoteKind, Speaker } from './poll-notes.ts';
export {
  addPollNote,
  addPollNumber,
  countsVotes,
  forgetQuestion,
  questionNote,
  votesBetween,
} from './poll-notes.ts';
export { isSound, numbersIn } from './poll-counts.ts';
export type { PollDefinition } from './polls.ts';
export { addPoll, forgetPoll, messageWithRef, pollsAround } from './polls.ts';
export { addQuestionBox } from './questions.ts';
export * from './rooms.ts';
export * from './room-people.ts';
export * from './room-log.ts';
export { pinnedForAll, setRoomPin } from './room-pins.ts';
export * from './room-archive.ts';
export { MOST_VIEWERS, noteSeen, seenBy, tellsSeen } from './room-seen.ts';
export { forgetForward } from './forwards.ts';
export * from './unsent.ts';
export { addVersion, correctionIds, dropCorrection, setText, versionsOf } from './versions.ts';
export * from './bounces.ts';
export { searchMessages } from './search.ts';
export * from './find.ts';
export { forgetMedia, galleryPage } from './gallery.ts';
export * from './pins.ts';
export { deliveryTimes } from './delivery-times.ts';
export {
  attachmentById,
  attachmentsOfMessage,
  attachmentsToDownload,
  evictable,
  localFilesInUse,
  markEvicted,
  setAttachmentState,
  setLocalFile,
  setUploaded,
} from './attachments.ts';
export * from './photo-choice.ts';
export * from './albums.ts';
export * from './staged.ts';
export * from './staged-files.ts';
export * from './outbox.ts';
export { forgetSticker, stickerMark } from './sticker-marks.ts';
export type * from './sticker-rows.ts';
export * from './stickers.ts';
export {
  personByAddress,
  personRow,
  relationTo,
  rosterAddresses,
  searchPeople,
  staleAvatars,
  upsertPerson,
} from './people.ts';
export * from './contact-sites.ts';
export * from './contact-notes.ts';
export { countPeople, followRequests, listPeople } from './people-lists.ts';
export * from './read-status.ts';
export * from './nudges.ts';
export * from './read-sync.ts';
export * from './account-settings.ts';
export * from './blocks.ts';
export * from './requests.ts';
export * from './refusals.ts';
export * from './invitations.ts';
export * from './evidence.ts';
export * from './incidents.ts';
export * from './incident-sending.ts';
export * from './archive.ts';
export * from './state.ts';
export { schemaVersion } from './migrations/index.ts';
