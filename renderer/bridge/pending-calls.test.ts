import { describe, expect, it } from 'vitest';
import { createPendingCalls } from './pending-calls.ts';

const yes = { ok: true, value: 'done' } as const;
const offline = { ok: false, code: 'offline', detail: {} };

function line() {
  const sent: string[] = [];
  return { sent, send: (frame: string) => sent.push(frame) };
}
const frame = (id: number) => JSON.stringify({ id, name: 'messages.send', params: { n: id } });

describe('calls of a page', () => {
  it('wait for the first connection, and go out in order', async () => {
    const calls = createPendingCalls(5_000);
    const answers = [1, 2].map((n) => calls.call('messages.send', { n }));
    const { sent, send } = line();
    calls.connected('run-a', send);
    expect(sent).toEqual([frame(1), frame(2)]);
    calls.answered(2, yes);
    calls.answered(1, yes);
    expect(await Promise.all(answers)).toEqual([yes, yes]);
    await expect.poll(() => sent.slice(2)).toEqual(['{"done":2}']);
  });

  it('are repeated to the same run of the host when the answer was lost', async () => {
    const calls = createPendingCalls(5_000);
    calls.connected('run-a', line().send);
    const answer = calls.call('messages.send', { n: 1 });
    calls.disconnected();
    const { sent, send } = line();
    calls.connected('run-a', send);
    expect(sent).toEqual([frame(1)]);
    calls.answered(1, yes);
    expect(await answer).toEqual(yes);
  });

  it('go with the address of the first connection, and are repeated when it breaks', async () => {
    const calls = createPendingCalls(5_000);
    const answer = calls.call('messages.send', { n: 1 });
    // The first attempt reached nobody.
    expect(calls.begin()).toEqual([frame(1)]);
    expect(calls.begin()).toEqual([frame(1)]);
    const later = calls.call('messages.send', { n: 2 });
    const first = line();
    calls.connected('run-a', first.send);
    expect(first.sent).toEqual([frame(2)]);
    calls.disconnected();
    const second = line();
    calls.connected('run-a', second.send);
    expect(second.sent).toEqual([frame(1), frame(2)]);
    calls.answered(1, yes);
    calls.answered(2, yes);
    expect(await Promise.all([answer, later])).toEqual([yes, yes]);
  });

  it('fail rather than be done twice when the host was started anew', async () => {
    const calls = createPendingCalls(5_000);
    calls.connected('run-a', line().send);
    const given = calls.call('messages.send', { n: 1 });
    calls.disconnected();
    const never = calls.call('messages.send', { n: 2 });
    const { sent, send } = line();
    calls.connected('run-b', send);
    expect(await given).toEqual(offline);
    expect(sent).toEqual([frame(2)]);
    calls.answered(2, yes);
    expect(await never).toEqual(yes);
  });

  it('fail as offline when no connection comes, given to a host before or not', async () => {
    const calls = createPendingCalls(20);
    calls.connected('run-a', line().send);
    const given = calls.call('messages.send', { n: 1 });
    calls.disconnected();
    expect(await Promise.all([given, calls.call('messages.send', { n: 2 })])).toEqual([offline, offline]);
  });

  it('ignore an answer that nobody waits for', () => {
    const calls = createPendingCalls(20);
    expect(() => {
      calls.answered(9, yes);
    }).not.toThrow();
  });
});
