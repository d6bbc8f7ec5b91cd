import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHub } from '../index.ts';
import { NS } from '../namespaces.ts';
import { login } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import {
  ROOM,
  archive,
  bodiesIn,
  change,
  club,
  codes,
  configure,
  enter,
  get,
  outcome,
  say,
} from '../testing/club.ts';
import { child, el, elements } from '../xml.ts';

const hub = testHub();

describe('over a restart', () => {
  it('everything is there but who was in it', async () => {
    const people = await club(hub.url, { 'muc#roomconfig_roomname': 'The club' });
    say(get(people, 'cleo'), 'kept');
    await get(people, 'anna').body('kept');
    await hub.stop();
    await hub.start();
    const cleo = await login(hub.url, 'cleo');
    expect(bodiesIn(await archive(cleo))).toEqual(['kept']);
    say(cleo, 'not in it');
    expect(outcome(await cleo.next((e) => e.name === 'message' && e.attrs.type === 'error'))).toBe(
      'not-acceptable',
    );
    expect(outcome(await enter(await login(hub.url, 'eve'), 'Cleo'))).toBe('registration-required');
    expect(codes(await enter(cleo, 'Cleo'))).toEqual(['100', '110']);
    const info = await cleo.iq('get', ROOM, el('query', NS.discoInfo));
    expect(elements(child(info, 'query', NS.discoInfo) ?? info)[0]?.attrs.name).toBe('The club');
    const listed = await cleo.iq('get', 'rooms.localhost', el('query', NS.discoItems));
    expect(elements(child(listed, 'query', NS.discoItems) ?? listed)).toEqual([]);
  });

  it('what somebody has seen is on disk, also when the hub is killed', async () => {
    const people = await club(hub.url);
    await change(get(people, 'bert'), { affiliation: 'outcast', jid: 'dora@localhost' });
    say(get(people, 'cleo'), 'seen');
    await get(people, 'anna').body('seen');
    // What is on disk now is what a killed hub leaves.
    const left = mkdtempSync(join(tmpdir(), 'hub-'));
    for (const file of ['hub.sqlite', 'hub.sqlite-wal']) cpSync(join(hub.folder, file), join(left, file));
    const next = await startHub({ folder: left, port: 0, homeId: 'test', assistant: false });
    const [cleo, dora] = [await login(next.url, 'cleo'), await login(next.url, 'dora')];
    expect(bodiesIn(await archive(cleo))).toEqual(['seen']);
    expect(outcome(await enter(dora, 'Dora'))).toBe('forbidden');
    expect(await archive(dora)).toBe('forbidden');
    await next.close();
    rmSync(left, { recursive: true });
  });

  it('an only owner whose account is removed is followed by the next in rank', async () => {
    const people = await club(hub.url);
    const [anna, bert] = [get(people, 'anna'), get(people, 'bert')];
    await anna.iq('set', 'localhost', el('query', NS.register, {}, [el('remove', NS.register)]));
    expect(outcome(await configure(bert))).toBe('ok');
    const again = await login(hub.url, 'anna', 'new');
    expect(outcome(await enter(again, 'Anna'))).toBe('registration-required');
    expect(await archive(again)).toBe('forbidden');
  });
});
