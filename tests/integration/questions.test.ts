import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { GroupWriter } from '../support/group-writer.ts';
import { groupConfig, roomMember, type RoomMember } from '../support/room-member.ts';

describeEachServer('questions', (server) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  const opened = <T extends { close(): Promise<void> }>(one: T): T => {
    open.push(one);
    return one;
  };
  const texts = (one: GroupWriter) =>
    one.messages().flatMap(({ questions }) => questions?.questions.map(({ text }) => text) ?? []);
  const shows = (one: GroupWriter, expected: readonly string[]) =>
    expect
      .poll(() => texts(one).sort(), { timeout: 20_000, message: one.lines.slice(-20).join('\n') })
      .toEqual(expected);
  const raw = (bert: RoomMember, room: string, more: object) =>
    bert.session.send({
      ...{ id: newName('n'), to: room, room: true, body: null, file: null },
      ...{ wantsReceipt: false, markable: false, tellsChatState: false, ...more },
    });

  it('are taken out of their box one by one: by who asked, by a moderator, and by nobody else', async () => {
    const bert = opened(await roomMember(server(), newName('bert')));
    const room = `${newName('club')}@${(await bert.session.rooms.service()) ?? ''}`;
    await bert.session.rooms.create(room, 'Bert', { ...groupConfig, history: true });
    const account = async (nick: string) => {
      const one = await roomMember(server(), newName(nick.toLowerCase()));
      await bert.session.rooms.setAffiliation(room, one.address, 'member', '');
      return one;
    };
    const anna = await account('Anna');
    await anna.close();
    const eve = opened(await account('Eve'));
    await eve.session.rooms.enter(room, 'Eve');
    const { kind, domain, webSocket } = server();
    const asking = opened(
      new GroupWriter({
        ...{ folder: temporaryFolder('anna'), address: anna.address, room, nick: 'Anna' },
        ...{ domain, endpoint: webSocket, mayLag: kind !== 'hub' },
      }),
    );
    await bert.say(room, 'Questions', {
      note: { family: 'questions', kind: 'box', json: JSON.stringify({ title: 'Ask me' }) },
    });
    await expect.poll(() => asking.messages().length, { timeout: 20_000 }).toBe(1);
    const id = asking.messages()[0]?.id;
    if (id === undefined) throw new Error('no box');
    for (const text of ['A rude one', 'B mine', 'C stays'])
      void asking.polls.handlers['questions.ask']({ id, text });
    await expect
      .poll(() => asking.messages()[0]?.questions?.questions.filter((one) => one.id !== '').length, {
        timeout: 20_000,
      })
      .toBe(3);
    const idOf = (text: string) =>
      asking.messages()[0]?.questions?.questions.find((one) => one.text === text)?.id ?? '';
    const [rude, mine, stays] = ['A rude one', 'B mine', 'C stays'].map(idOf) as [string, string, string]; // three
    // An app that does not care.
    raw(eve, room, { effect: { kind: 'unsend', target: stays, silent: false } });
    await expect(eve.session.rooms.moderate(room, stays, '')).rejects.toThrow();
    await bert.session.rooms.moderate(room, rude, 'rude');
    await asking.polls.handlers['questions.remove']({ id, question: mine, reason: '' });
    await shows(asking, ['C stays']);
    await expect(
      Promise.resolve(asking.polls.handlers['questions.remove']({ id, question: rude, reason: '' })),
    ).rejects.toThrow('not-found');
  });
});
