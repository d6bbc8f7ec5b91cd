import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { ROOM, archive, change, club, configure, get, isMine, outcome } from '../testing/club.ts';
import { testHub } from '../testing/test-hub.ts';
import { child, el } from '../xml.ts';

const hub = testHub();

describe('what each may do', () => {
  const toMember = { jid: 'dora@localhost' };
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['kick a member', { role: 'none', nick: 'Dora' }, { bert: 'ok', cleo: 'forbidden', eve: 'forbidden' }],
    [
      'mute',
      { role: 'visitor', nick: 'Dora' },
      { anna: 'ok', bert: 'ok', cleo: 'forbidden', eve: 'forbidden' },
    ],
    ['kick the owner', { role: 'none', nick: 'Anna' }, { bert: 'not-allowed', cleo: 'forbidden' }],
    ['make a moderator', { role: 'moderator', nick: 'Dora' }, { anna: 'ok', bert: 'ok', cleo: 'forbidden' }],
    [
      'ban',
      { affiliation: 'outcast', ...toMember },
      { anna: 'ok', bert: 'ok', cleo: 'forbidden', eve: 'forbidden' },
    ],
    [
      'ban the owner',
      { affiliation: 'outcast', jid: 'anna@localhost' },
      { anna: 'conflict', bert: 'not-allowed', cleo: 'forbidden' },
    ],
    [
      'make a member',
      { affiliation: 'member', jid: 'eve@localhost' },
      { anna: 'ok', bert: 'ok', cleo: 'forbidden', eve: 'forbidden' },
    ],
    [
      'make an administrator',
      { affiliation: 'admin', ...toMember },
      { anna: 'ok', bert: 'not-allowed', cleo: 'forbidden' },
    ],
    [
      'make oneself an owner',
      { affiliation: 'owner', jid: 'cleo@localhost' },
      { bert: 'not-allowed', cleo: 'forbidden' },
    ],
    [
      'leave the last ownership',
      { affiliation: 'admin', jid: 'anna@localhost' },
      { anna: 'conflict', bert: 'not-allowed' },
    ],
    ['give up membership', { affiliation: 'none', jid: 'cleo@localhost' }, { cleo: 'ok', eve: 'forbidden' }],
  ])('%s', async (_what, item, expected) => {
    const people = await club(hub.url);
    // From the least to the most: what is refused leaves everything as it was.
    for (const name of ['eve', 'cleo', 'bert', 'anna'])
      if (expected[name])
        expect([name, await change(get(people, name), item)]).toEqual([name, expected[name]]);
  });

  it('configure, destroy, read who is banned', async () => {
    const people = await club(hub.url);
    const destroy = el('query', NS.mucOwner, {}, [el('destroy', NS.mucOwner)]);
    const banned = el('query', NS.mucAdmin, {}, [el('item', NS.mucAdmin, { affiliation: 'outcast' })]);
    for (const name of ['bert', 'cleo', 'eve']) {
      expect(outcome(await configure(get(people, name)))).toBe('forbidden');
      expect(outcome(await get(people, name).iq('set', ROOM, destroy))).toBe('forbidden');
      expect(outcome(await get(people, name).iq('get', ROOM, banned))).toBe(
        name === 'bert' ? 'ok' : 'forbidden',
      );
    }
    expect(outcome(await get(people, 'anna').iq('set', ROOM, destroy))).toBe('ok');
    const gone = await get(people, 'cleo').next((e) => e.attrs.type === 'unavailable' && isMine(e));
    expect(child(child(gone, 'x', NS.mucUser) ?? gone, 'destroy')).toBeDefined();
    expect(await archive(get(people, 'cleo'))).toBe('item-not-found');
  });
});
