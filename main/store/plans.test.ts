import { expect, test } from 'vitest';
import * as store from './index.ts';
import { statement, preparedTexts } from './sql.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

/** Tables with a row a message or a conversation, read from one end to the other. */
const big =
  /^SCAN (message|m|u|a|attachment|conversation|c|media_item)\b(?!.* USING (COVERING )?INDEX (attachment_by_file|attachment_downloading|conversation_requests))/;

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
