import { expect, test } from 'vitest';
import * as store from './index.ts';
import { statement, preparedTexts } from './sql.ts';
import { direct, group, groupPerson, inbound, me, newStore } from './testing/fixtures.ts';

/** Tables with a row a message or a conversation, read from one end to the other. */
const big =
  /^SCAN (message|m|u|a|o|r|w|x|attachment|conversation|c|media_item|room_person|room_seen|message_ref|unread_mention|message_occupant|poll|p|poll_note|poll_number|n|outgoing_note)\b(?!.* USING (COVERING )?INDEX (attachment_by_file|attachment_downloading|conversation_requests))/;

test('no query reads a whole big table', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const options = { order: 'backward', countUnread: true } as const;
  const attachments = [{ kind: 'photo', name: 'a', mediaType: 'image/png' }] as const;
  const { id } = store.insertInbound(
    db,
    inbound(bob, { stanzaId: 's', wireId: 'w', text: '照片 photo', attachments }),
    options,
  );
  store.insertInbound(db, inbound(bob, { wireId: 'w', text: '照片 photo', attachments }), options);
  store.insertInbound(db, inbound(bob), { order: 'stamped', countUnread: false });
  const mine = store.insertOutgoing(db, {
    conversationId: bob,
    originId: 'o',
    text: 'x',
    sentAt: 1,
    senderAddress: me,
    attachments,
  });
  const [file] = store.attachmentsOfMessage(db, mine);
  if (file) store.setUploaded(db, file.id, 'https://x.example/');
  const kinds = [
    { kind: 'newest' },
    { kind: 'unread' },
    { kind: 'message', id },
    { kind: 'before', position: '5.1' },
    { kind: 'after', position: '5.1' },
  ] as const;
  for (const at of kinds) store.messagesPage(db, { conversationId: bob, at, limit: 5 });
  store.messagesByIds(db, [id]);
  store.listConversations(db, { folder: 'inbox', before: null, limit: 5 });
  store.conversationsByIds(db, [bob]);
  store.conversationByAddress(db, 'bob@home.example');
  store.unreadTotal(db, 1);
  for (const query of ['photo', '照', 'x']) store.searchMessages(db, { query, before: null, limit: 5 });
  for (const kind of ['photos', 'videos', 'files', 'links'] as const)
    store.galleryPage(db, { conversationId: bob, kind, before: null, limit: 5 });
  for (const before of [null, 'c5.1', 'i5'])
    store.findInConversation(db, { conversationId: bob, query: 'photo', before, limit: 5 });
  store.deliveryTimes(db, mine);
  store.setMessagePinned(db, id, { pinned: true, now: 5 });
  store.pinnedMessages(db, bob);
  store.mergePins(db, bob, [
    { name: 's:other', pinned: true, changedAt: 7 },
    { name: 'o:other', pinned: true, changedAt: 7 },
  ]);
  store.settlePins(db);
  store.pinStates(db, bob);
  store.hasNamelessPins(db, bob);
  store.pinsToTell(db);
  store.pinsTold(db, bob);
  store.forgetPin(db, id);
  store.forgetMedia(db, id);
  store.nextToSend(db);
  store.heldMessages(db, 5);
  store.holdAnew(db, { after: 5, until: 6 });
  store.uploadsWaiting(db);
  store.onWire(db);
  store.outboxByOriginId(db, 'o');
  store.requeue(db, [mine]);
  store.markBounced(db, { address: 'bob@home.example', originId: 'o', code: 'not-delivered', detail: {} });
  store.cameBack(db, 'o');
  store.retry(db, mine);
  store.markDelivered(db, { conversationId: bob, originIds: ['o'] });
  store.markSent(db, 'o', { stanzaId: 't' });
  store.setState(db, mine, 'read');
  store.attachmentsToDownload(db, 5);
  store.localFilesInUse(db);
  store.evictable(db);
  store.markEvicted(db, 'x');
  store.markRead(db, bob, id);
  store.requestState(db, 'bob@home.example');
  store.markPending(db, bob);
  store.foldRequest(db, bob, [id]);
  store.listRequests(db, { before: null, limit: 5 });
  store.requestByConversation(db, bob);
  store.countRequests(db);
  store.refuseRequest(db, bob);
  store.restoreRequest(db, bob);
  store.takeReceipts(db, 5);
  store.messagesWithRemotePhotos(db, bob, 5);
  store.acceptRequest(db, bob);
  store.addVersion(db, id, { at: 1, text: 'y', correctionId: 'c', latest: true });
  store.versionsOf(db, id);
  store.correctionIds(db, id);
  store.findTargets(db, bob, 'c');
  store.idsOf(db, id);
  store.addWaiting(db, 'w', { conversationId: bob, sender: 'x', effectId: 'e', at: 1, effect: '{}' });
  store.takeWaiting(db, bob, ['w']);
  store.dropWaiting(db, { conversationId: bob, ref: 'w', sender: 'x' });
  store.queueEffect(db, { conversationId: bob, messageId: id, originId: 'e', effect: '{}', createdAt: 1 });
  store.effectsToSend(db, 5);
  store.requeueEffects(db, []);
  store.effectsOfMessage(db, id);
  store.effectSent(db, 'e');
  store.eraseMessage(db, id, 1);
  store.leaveOutbox(db, id);
  store.albumFiles(db, id);
  if (file) store.photosAround(db, { conversationId: bob, id: file.id, limit: 5 });
  const room = group(db, 'club@rooms.home.example');
  groupPerson(db, room, 'bob@home.example', 'Bob');
  const occupant = { nick: 'Bob', occupantId: 'x' };
  const mentions = [{ address: me, start: 0, length: 2 }];
  const heard = inbound(room, { stanzaId: 'r', occupant, mentions, reply: { ref: 'q', author: null } });
  const said = store.insertInbound(db, heard, { order: 'live', countUnread: true }).id;
  store.messagesByIds(db, [said]);
  store.conversationById(db, room);
  store.listConversations(db, { folder: 'inbox', before: null, limit: 5 });
  store.groupByAddress(db, 'club@rooms.home.example');
  store.groupById(db, room);
  store.isGroup(db, room);
  store.isOwn(db, room, me);
  store.roomArchived(db, room);
  store.setRoomArchived(db, room, { id: 'r', at: 1 });
  store.markRoomArchiveKnown(db, room);
  const gap = store.addRoomGap(db, room, { afterId: null, afterAt: null, beforeId: 'r', beforeAt: 1 });
  store.roomGaps(db, room);
  store.narrowRoomGap(db, gap, { beforeId: 'q', beforeAt: 0 });
  store.closeRoomGap(db, gap);
  store.findRoomTargets(db, room, 'r');
  store.noteRef(db, said, { wireId: 'w2', stanzaId: 'r2' });
  store.stanzaIdOf(db, said, 'w2');
  store.setReactions(db, said, { sender: 'occupant:x', emojis: ['👍'], at: 1, effectId: null, latest: true });
  store.messagesByIds(db, [said]);
  store.markFor(db, said);
  store.repliesTo(db, said);
  store.groupPeople(db, room);
  store.noteOwnMessage(db, room, 1);
  store.setGroupNotify(db, room, 'mentions');
  store.tellsSeen(db, room);
  store.noteSeen(db, { conversationId: room, address: 'bob@home.example', stanzaId: 'r', at: 1 });
  store.seenBy(db, said);
  store.markRead(db, room, said);
  store.noteModerated(db, said, { by: 'bob@home.example', reason: '' });
  store.forgetMentions(db, said);
  store.nextToSend(db, 1, [room]);
  store.effectsToSend(db, 5, [room]);
  store.addPoll(db, said, {
    ...{
      question: 'Lunch?',
      options: ['a', 'b'],
      several: false,
      anonymous: false,
      endsAt: null,
      madeHere: true,
    },
  });
  const bobSays = { who: 'bob@home.example', occupantId: null, nick: '', moderates: false };
  store.addPollNote(db, room, 's', {
    ...{ ...bobSays, kind: 'vote', body: [0], noteId: 'n', direct: false, at: 1, archived: false },
  });
  store.addPollNumber(db, said, { conversationId: room, at: 1, ...bobSays });
  store.queueNote(db, { messageId: said, kind: 'vote', body: [0] });
  store.messagesByIds(db, [said]);
  store.messageWithRef(db, room, 's');
  store.pollsAround(db, room, 1);
  store.votesBetween(db, room, 1, 2);
  store.notesToSend(db, { open: [room], now: 1, limit: 5 });
  store.nextNoteAt(db, 1);
  store.noteByOriginId(db, 'o');
  store.requeueNotes(db, { held: [], resumed: false });
  store.forgetPoll(db, said);
  store.deleteMessage(db, id);
  const texts = preparedTexts(db).filter((text) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(text));
  expect(texts.length).toBeGreaterThan(40);
  const scans = texts.flatMap((text) => {
    const plan = statement(db, `EXPLAIN QUERY PLAN ${text}`);
    const values = Array.from({ length: text.split('?').length - 1 }, () => null);
    const lines = plan.all(...values).map((line) => (line as { detail: string }).detail);
    // Three indexes are read whole on purpose: the files there are (at clean-up), the downloads under way, requests.
    return lines.filter((line) => big.test(line)).map((line) => `${line}: ${text}`);
  });
  expect(scans).toEqual([]);
});
