import { afterEach, expect, it } from 'vitest';
import type { Poll } from '../../contract/polls.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { GroupWriter } from '../support/group-writer.ts';
import { groupConfig, roomMember, type RoomMember } from '../support/room-member.ts';
import { Sender } from '../support/sender.ts';

describeEachServer('polls', (server) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  const opened = <T extends { close(): Promise<void> }>(one: T): T => {
    open.push(one);
    return one;
  };
  /** A group of Bert, who has no app above the stream, and of accounts that may come in. */
  const club = async (...names: string[]) => {
    const bert = opened(await roomMember(server(), newName('bert')));
    const room = `${newName('club')}@${(await bert.session.rooms.service()) ?? ''}`;
    await bert.session.rooms.create(room, 'Bert', { ...groupConfig, history: true });
    const people = names.map(async (nick) => {
      const account = await roomMember(server(), newName(nick.toLowerCase()));
      await account.close();
      await bert.session.rooms.setAffiliation(room, account.address, 'member', '');
      const { kind, domain, webSocket } = server();
      return {
        ...{ folder: temporaryFolder(nick), address: account.address, room, nick },
        ...{ domain, endpoint: webSocket, mayLag: kind !== 'hub' },
      };
    });
    return { bert, room, people: await Promise.all(people) };
  };
  const polls = (one: GroupWriter): Poll[] => one.messages().flatMap(({ poll }) => (poll ? [poll] : []));
  const counts = (one: GroupWriter) => polls(one)[0]?.options.map(({ votes }) => votes);
  const shows = (one: GroupWriter, expected: readonly number[]) =>
    expect
      .poll(() => counts(one), { timeout: 20_000, message: one.lines.slice(-20).join('\n') })
      .toEqual(expected);
  const lunch = { question: 'Lunch?', options: ['Soup', 'Salad', 'Pie'], several: false, endsAt: null };
  const raw = (bert: RoomMember, room: string, kind: string, value: object) =>
    bert.session.send({
      ...{ id: newName('n'), to: room, room: true, body: null, file: null },
      ...{ wantsReceipt: false, markable: false, tellsChatState: false },
      note: { family: 'polls', kind, json: JSON.stringify(value) },
    });

  it('are asked, answered from apps that know them and others, changed, closed, and the same in history', async () => {
    const { bert, room, people } = await club('Anna', 'Cleo', 'Dora');
    const [anna, cleo, dora] = people;
    if (!anna || !cleo || !dora) throw new Error('nobody');
    const asking = opened(new GroupWriter(anna));
    const voting = opened(new GroupWriter(cleo));
    await asking.polls.handlers['polls.create']({
      ...{ conversationId: asking.conversationId, ...lunch, anonymous: false },
    });
    const asked = await bert.heard(room, (m) => m.note?.kind === 'poll');
    expect(asked.body).toBe('Poll: Lunch?\n1. Soup\n2. Salad\n3. Pie\nAnswer with the number.');
    await voting.vote([0]);
    await bert.say(room, '2', {
      reply: { id: asked.stanzaId ?? '', author: `${room}/Anna`, quote: asked.body ?? '' },
    });
    await Promise.all([shows(asking, [1, 1, 0]), shows(voting, [1, 1, 0])]);
    await voting.vote([2]);
    // In the place of the one that stands with the number; the second is no answer that there is.
    raw(bert, room, 'vote', { poll: asked.stanzaId, choices: [2] });
    raw(bert, room, 'vote', { poll: asked.stanzaId, choices: [7] });
    raw(bert, room, 'tally', { poll: asked.stanzaId, counts: [9, 9, 9], voters: 27 });
    await Promise.all([shows(asking, [0, 0, 2]), shows(voting, [0, 0, 2])]);
    const [poll] = polls(voting);
    expect(poll).toMatchObject({ voters: 2, waiting: false, may: { vote: true, close: false } });
    expect(poll?.options[2]).toMatchObject({ mine: true, voters: [expect.stringMatching(/bert/i)] });
    const id = asking.messages().at(0)?.id;
    if (id === undefined) throw new Error('no poll');
    await asking.polls.handlers['polls.close']({ id });
    await expect.poll(() => polls(voting)[0]?.closed, { timeout: 20_000 }).toBe(true);
    // An app that does not care.
    raw(bert, room, 'vote', { poll: asked.stanzaId, choices: [0] });
    await bert.say(room, 'too late?');
    await expect.poll(() => voting.messages().length, { timeout: 20_000 }).toBe(3);
    expect(counts(voting)).toEqual([0, 0, 2]);
    // Somebody who was not there reads it from the archive.
    await shows(opened(new GroupWriter(dora)), [0, 0, 2]);
  });

  it('that are anonymous: only the author’s app sees votes, and tells how many there are', async () => {
    const { bert, room, people } = await club('Anna', 'Cleo');
    const [anna, cleo] = people;
    if (!anna || !cleo) throw new Error('nobody');
    const asking = opened(new GroupWriter(anna));
    await asking.polls.handlers['polls.create']({
      ...{ conversationId: asking.conversationId, ...lunch, anonymous: true },
    });
    const asked = await bert.heard(room, (m) => m.note?.kind === 'poll');
    asking.db
      .prepare(
        `INSERT INTO room_person (conversation_id, address, nick, rank) VALUES (?, ?, 'Cleo', 'member')`,
      )
      .run(asking.conversationId, cleo.address);
    const voting = opened(new GroupWriter(cleo));
    await voting.vote([1]);
    // In the open nobody votes in it.
    raw(bert, room, 'vote', { poll: asked.stanzaId, choices: [0] });
    await Promise.all([shows(asking, [0, 1, 0]), shows(voting, [0, 1, 0])]);
    const tally = await bert.heard(room, (m) => m.note?.kind === 'tally');
    expect(JSON.parse(tally.note?.json ?? '')).toMatchObject({ counts: [0, 1, 0], voters: 1 });
    expect(bert.of('onMessage').filter((m) => m.from === cleo.address)).toEqual([]);
    expect(polls(voting)[0]).toMatchObject({ waiting: false, options: [{}, { mine: true }, {}] });
  });

  it('that are anonymous are counted by each device of their author, with the author’s own vote from any', async () => {
    const { bert, room, people } = await club('Anna', 'Cleo');
    const [anna, cleo] = people;
    if (!anna || !cleo) throw new Error('nobody');
    const first = new GroupWriter(anna);
    const second = opened(new GroupWriter({ ...anna, folder: temporaryFolder('second') }));
    const known = (one: GroupWriter) =>
      one.db
        .prepare(
          `INSERT OR IGNORE INTO room_person (conversation_id, address, nick, rank) VALUES (?, ?, 'Cleo', 'member')`,
        )
        .run(one.conversationId, cleo.address);
    known(first);
    known(second);
    await first.polls.handlers['polls.create']({
      ...{ conversationId: first.conversationId, ...lunch, anonymous: true },
    });
    await Promise.all([shows(first, [0, 0, 0]), shows(second, [0, 0, 0])]);
    await second.vote([2]);
    await Promise.all([shows(first, [0, 0, 1]), shows(second, [0, 0, 1])]);
    await bert.heard(room, (m) => m.note?.kind === 'tally' && m.note.json.includes('[0,0,1]'));
    await first.close();
    const voting = opened(new GroupWriter(cleo));
    await shows(voting, [0, 0, 1]);
    await voting.vote([1]);
    await shows(second, [0, 1, 1]);
    const id = second.messages().at(0)?.id;
    if (id === undefined) throw new Error('no poll');
    await second.polls.handlers['polls.close']({ id });
    await Promise.all([shows(voting, [0, 1, 1]), shows(second, [0, 1, 1])]);
    expect(polls(second)[0]).toMatchObject({ closed: true, voters: 2 });
  });

  it('wait for a vote of somebody offline, who is killed meanwhile, and get it once', async () => {
    const { bert, room, people } = await club('Anna');
    const [anna] = people;
    if (!anna) throw new Error('nobody');
    const first = new GroupWriter(anna);
    await bert.say(room, 'Poll: Lunch?', {
      note: { family: 'polls', kind: 'poll', json: JSON.stringify({ ...lunch, anonymous: false }) },
    });
    await shows(first, [0, 0, 0]);
    await first.close();
    const nowhere = { ...anna, endpoint: anna.endpoint.replace(/:\d+/, ':1') };
    const sender = Sender.toGroup(nowhere, server().certificate);
    await sender.start();
    sender.write('/vote 2');
    await sender.stored('/vote 2');
    await sender.kill();
    const again = Sender.toGroup(anna, server().certificate);
    await again.start();
    const votes = () => bert.of('onMessage').filter((m) => m.peer === room && m.note?.kind === 'vote');
    await expect.poll(votes, { timeout: 20_000 }).toHaveLength(1);
    await again.kill();
    const last = opened(new GroupWriter(anna));
    await last.sent();
    await shows(last, [0, 1, 0]);
    await bert.say(room, 'done');
    expect(votes()).toHaveLength(1);
    expect(polls(last)[0]?.waiting).toBe(false);
  });
});
