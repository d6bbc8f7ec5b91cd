import { afterEach, expect, it } from 'vitest';
import { purge } from '../../main/features/unsend/purges.ts';
import { addVersion, idsOf, seenBy, setReactions, stanzaIdOf, versionsOf } from '../../main/store/index.ts';
import { captionIdOf } from '../../main/xmpp/index.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { GroupWriter } from '../support/group-writer.ts';
import { groupConfig, roomMember, type RoomMember } from '../support/room-member.ts';
import { until } from '../support/wait.ts';

describeEachServer('messages of groups', (server) => {
  const open: (RoomMember | GroupWriter)[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  const member = async (name: string) => {
    const one = await roomMember(server(), newName(name));
    open.push(one);
    return one;
  };
  /** A group of Bert, and Anna, whose account is there and who may come in. */
  const club = async () => {
    const bert = await member('bert');
    const anna = newName('anna');
    const account = await roomMember(server(), anna);
    await account.close();
    const service = (await bert.session.rooms.service()) ?? '';
    const room = `${newName('club')}@${service}`;
    await bert.session.rooms.create(room, 'Bert', { ...groupConfig, history: true });
    await bert.session.rooms.setAffiliation(room, account.address, 'member', '');
    return { bert, room, address: account.address, folder: temporaryFolder('writer') };
  };
  const writer = (o: Omit<Awaited<ReturnType<typeof club>>, 'bert'>, nick = 'Anna') => {
    const { kind, domain, webSocket } = server();
    const one = new GroupWriter({
      ...{ folder: o.folder, address: o.address, room: o.room, nick },
      ...{ domain, endpoint: webSocket, mayLag: kind !== 'hub' },
    });
    open.push(one);
    return one;
  };
  const close = async (one: GroupWriter, resumable = false) => {
    open.splice(open.indexOf(one), 1);
    await one.close(resumable);
  };
  const texts = (one: GroupWriter) => one.messages().map(({ text }) => text);
  const settled = (one: GroupWriter, expected: readonly string[]) =>
    expect.poll(() => texts(one), { timeout: 20_000 }).toEqual(expected);

  it('go out and come in, are changed by their authors, and answered', async () => {
    const o = await club();
    const anna = writer(o);
    const mine = anna.write('Hello, all');
    const heard = await o.bert.heard(o.room, 'Hello, all');
    await anna.sent();
    await o.bert.say(o.room, 'Hello Anna', {
      reply: { id: heard.stanzaId ?? '', author: `${o.room}/Anna`, quote: 'Hello, all' },
      mentions: [{ address: o.address, start: 6, length: 4 }],
    });
    await settled(anna, ['Hello, all', 'Hello Anna']);
    const [first, second] = anna.messages();
    expect(first).toMatchObject({ id: mine, state: 'sent', outgoing: true });
    expect(second).toMatchObject({
      sender: { address: o.bert.address, name: 'Bert' },
      replyTo: { id: mine, own: true },
      mentions: [{ address: o.address, start: 6, length: 4, own: true }],
    });
    expect(anna.conversation).toMatchObject({ unread: 1, mentioned: true });
    expect(anna.announced).toHaveLength(1);

    const react = (emojis: string[]) => ({ kind: 'react' as const, target: heard.stanzaId ?? '', emojis });
    o.bert.session.send({
      ...{ id: newName('r'), to: o.room, room: true, body: null, file: null, effect: react(['👍']) },
      ...{ wantsReceipt: false, markable: false, tellsChatState: false },
    });
    await expect.poll(() => anna.messages()[0]?.reactions).toMatchObject([{ emoji: '👍', own: false }]);
    const theirs = anna.messages()[1];
    if (!theirs) throw new Error('no second message');
    const said = await o.bert.heard(o.room, 'Hello Anna');
    anna.effects.own({
      conversationId: anna.conversationId,
      id: theirs.id,
      kind: 'react',
      local: (db, { originId, at }) =>
        setReactions(db, theirs.id, {
          sender: o.address,
          emojis: ['🎉'],
          at,
          effectId: originId,
          latest: true,
        }),
      tell: [{ kind: 'react', target: said.id ?? '', emojis: ['🎉'] }],
    });
    const reaction = await o.bert.heard(o.room, (m) => m.effect?.kind === 'react' && m.from === o.address);
    expect(reaction.effect).toMatchObject({ target: said.stanzaId, emojis: ['🎉'] });
  });

  it('are taken back everywhere, with what repeats a caption for other apps', async () => {
    const o = await club();
    const anna = writer(o);
    const url = 'https://files.example/photo.jpg';
    const id = anna.write('on the lake', {
      originId: 'photo-1',
      attachments: [{ kind: 'photo', name: 'photo.jpg', mediaType: 'image/jpeg', url }],
    });
    const photo = await o.bert.heard(o.room, (m) => m.files.length > 0);
    await anna.sent();
    await expect.poll(() => stanzaIdOf(anna.db, id, captionIdOf('photo-1'))).not.toBeNull();
    anna.effects.own({
      ...{ conversationId: anna.conversationId, id, kind: 'unsend' },
      local: (db, { at }) => purge(db, id, at),
      tell: [
        { kind: 'unsend', target: 'photo-1', silent: false },
        { kind: 'edit', target: 'photo-1', text: '', caption: true },
      ],
    });
    const gone = await o.bert.heard(o.room, (m) => m.effect?.kind === 'unsend');
    expect(gone.effect).toMatchObject({ target: photo.stanzaId });
    // The app of somebody else knows it as a message of its own, which is named by what the room calls it.
    await o.bert.heard(o.room, (m) => m.effect?.kind === 'edit' && m.effect.text === '');
    expect(anna.messages()).toMatchObject([{ unsent: true, text: '', attachments: [] }]);
  });

  it('are seen by people who say so', async () => {
    const o = await club();
    const anna = writer(o);
    const mine = anna.write('seen?');
    await anna.sent();
    const account = await member('carl');
    await o.bert.session.rooms.setAffiliation(o.room, account.address, 'member', '');
    await account.close();
    open.splice(open.indexOf(account), 1);
    const carl = writer({ ...o, address: account.address, folder: temporaryFolder('carl') }, 'Carl');
    await settled(carl, ['seen?']);
    await o.bert.say(o.room, 'who knows');
    await settled(carl, ['seen?', 'who knows']);
    expect(seenBy(anna.db, mine)).toEqual([]);
    carl.read();
    await expect
      .poll(() => seenBy(anna.db, mine))
      .toMatchObject([{ address: account.address, name: account.nick }]);
  });

  it('that a room refuses have failed, with the reason', async () => {
    const o = await club();
    const anna = writer(o);
    anna.write('may I?');
    await anna.sent();
    await o.bert.session.rooms.setRole(o.room, 'Anna', 'visitor', 'quiet, please');
    const refused = anna.write('and now?');
    await expect
      .poll(() => anna.messages().find(({ id }) => id === refused), { timeout: 20_000 })
      .toMatchObject({ state: 'failed', problem: { code: 'forbidden' } });
    expect(anna.conversation?.lastMessage?.text).toBe('and now?');
  });

  it('whose changes a room refuses say again what they said, and it is told', async () => {
    const o = await club();
    const anna = writer(o);
    const id = anna.write('first');
    await anna.sent();
    const edit = (text: string) =>
      anna.effects.own({
        ...{ conversationId: anna.conversationId, id, kind: 'edit' },
        local: (db, { originId, at }) =>
          addVersion(db, id, { at, text, correctionId: originId, latest: true }),
        tell: [{ kind: 'edit', target: idsOf(anna.db, id)?.ids[0] ?? '', text, caption: false }],
      });
    edit('second');
    await o.bert.heard(o.room, (m) => m.effect?.kind === 'edit');
    await o.bert.session.rooms.setRole(o.room, 'Anna', 'visitor', 'quiet, please');
    edit('third');
    expect(anna.messages()).toMatchObject([{ text: 'third' }]);
    await expect.poll(() => anna.refused, { timeout: 20_000 }).toEqual(['edit']);
    expect(anna.messages()).toMatchObject([{ text: 'second' }]);
    expect(versionsOf(anna.db, id).map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('wait for the room, and what was missed is read first: news, counted and announced once', async () => {
    const o = await club();
    const anna = writer(o);
    anna.write('first');
    await anna.sent();
    await close(anna);
    for (let n = 1; n <= 30; n += 1) await o.bert.say(o.room, `while away ${n}`);
    const later = writer(o);
    later.write('I am back');
    await later.sent();
    const away = Array.from({ length: 30 }, (_, at) => `while away ${at + 1}`);
    await expect.poll(() => texts(later).length, { timeout: 20_000 }).toBe(32);
    expect(texts(later).filter((text) => text !== 'I am back')).toEqual(['first', ...away]);
    expect(later.conversation).toMatchObject({ unread: 30 });
    expect(later.announced).toHaveLength(1);
    const [found] = await o.bert.archived(o.room).then((all) => all.slice(-1));
    expect(found).toBe('I am back');
  });

  it('of before are read by whoever comes new: as history', async () => {
    const o = await club();
    const before = Array.from({ length: 300 }, (_, at) => `before ${at + 1}`);
    for (const text of before) o.bert.session.send(plain(o.room, text));
    await o.bert.heard(o.room, 'before 300');
    const anna = writer(o);
    await expect.poll(() => texts(anna).length, { timeout: 30_000 }).toBe(300);
    expect(texts(anna)).toEqual(before);
    expect(anna.conversation?.unread).toBe(0);
    expect(anna.announced).toEqual([]);
  });

  it('are read no more by who was removed', async () => {
    const o = await club();
    const anna = writer(o);
    anna.write('mine');
    await anna.sent();
    await o.bert.say(o.room, 'seen');
    await settled(anna, ['mine', 'seen']);
    await o.bert.session.rooms.setAffiliation(o.room, o.address, 'outcast', 'enough');
    await o.bert.say(o.room, 'not for Anna');
    anna.write('let me in');
    await close(anna);
    const again = writer(o);
    await until(() => again.lines.some((line) => line.startsWith('not entered')), { what: 'to be refused' });
    expect(texts(again)).toEqual(['mine', 'seen', 'let me in']);
    expect(again.messages().at(-1)?.state).toBe('sending');
  });
});

const plain = (room: string, body: string) => ({
  ...{ id: newName('m'), to: room, room: true, body, file: null },
  ...{ wantsReceipt: false, markable: false, tellsChatState: false },
});
