import { afterEach, expect, it } from 'vitest';
import { describeEachServer } from '../support/each-server.ts';
import { groupSeen, twoInGroup } from '../support/group-people.ts';
import { until } from '../support/wait.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

describeEachServer('a message that waits for a moderator', (server) => {
  it('is withdrawn by who wrote it', async () => {
    // Only the hub's rooms hold messages back.
    if (server().kind !== 'hub') return;
    const { anna, bert, id, theirs, room } = await twoInGroup(server(), opened);
    const policy = { ...(await anna.call('groups.get', { id })).policy, heldWords: ['casino'] };
    await anna.call('groups.configure', { id, policy });
    await groupSeen(bert, room, (g) => g.policy.heldWords.length === 1, 'the new rules');
    const sent = await bert.call('messages.send', {
      conversationId: theirs,
      text: 'My casino',
      anyway: true,
    });
    await bert.message(room, (m) => m.id === sent.id && m.problem?.code === 'waits-for-moderator');
    await groupSeen(anna, room, (g) => g.held === 1, 'what waits');
    expect(await anna.outcome('groups.withdraw', { messageId: sent.id })).toMatchObject({ ok: false });
    await bert.call('groups.withdraw', { messageId: sent.id });
    await until(
      async () => {
        const page = await bert.call('messages.page', {
          ...{ conversationId: theirs, at: { kind: 'newest' }, limit: 50 },
        });
        return page.items.every((m) => m.id !== sent.id);
      },
      { what: 'the message to be gone' },
    );
    await groupSeen(anna, room, (g) => g.held === 0, 'nothing that waits');
    expect(await bert.outcome('groups.withdraw', { messageId: sent.id })).toMatchObject({ ok: false });
  });
});
