import { describe, expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { RawClient, login, settled } from '../testing/raw-client.ts';
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
  isMine,
  outcome,
  say,
  stanzaId,
} from '../testing/club.ts';
import { child, el, elements } from '../xml.ts';
import { HISTORY_FIELD } from './config.ts';
import type { XmlElement } from '../xml.ts';

const hub = testHub();

describe('entering', () => {
  it('is for members; names are one account’s, and look-alikes are taken too', async () => {
    const people = await club(hub.url);
    expect(outcome(await enter(get(people, 'eve'), 'Eve'))).toBe('registration-required');
    await change(get(people, 'anna'), { affiliation: 'member', jid: 'eve@localhost' });
    for (const nick of ['Cleo', 'CLEO', 'Ｃleo', 'C l e o'])
      expect(outcome(await enter(get(people, 'eve'), nick))).toBe('conflict');
    expect(outcome(await enter(get(people, 'eve'), 'E\u202Eve'))).toBe('not-acceptable');
    get(people, 'cleo').presence({ to: `${ROOM}/Cleo`, type: 'unavailable' });
    await settled(get(people, 'cleo'));
    expect(outcome(await enter(get(people, 'eve'), 'Cleo'))).toBe('conflict');
    expect(outcome(await enter(get(people, 'eve'), 'Eve'))).toBe('ok');
  });

  it('two devices are one occupant, who goes with the last', async () => {
    const people = await club(hub.url);
    const other = await login(hub.url, 'cleo', 'two');
    expect(codes(await enter(other, 'Cleopatra'))).toEqual(['100', '210', '110']);
    say(get(people, 'dora'), 'both');
    await other.body('both');
    await get(people, 'cleo').body('both');
    await other.kill();
    await get(people, 'cleo').kill();
    const left = await get(people, 'dora').next(
      (e) => e.attrs.from === `${ROOM}/Cleo` && e.attrs.type === 'unavailable',
    );
    expect(codes(left)).toEqual(['333']);
  });

  it('a ban ends it all: no message, no archive, no return', async () => {
    const people = await club(hub.url);
    await change(get(people, 'bert'), { affiliation: 'outcast', jid: 'cleo@localhost' });
    expect(codes(await get(people, 'cleo').next((e) => isMine(e) && e.attrs.type === 'unavailable'))).toEqual(
      ['301', '110'],
    );
    say(get(people, 'anna'), 'secret');
    await get(people, 'dora').body('secret');
    expect(outcome(await enter(get(people, 'cleo'), 'Cleo'))).toBe('forbidden');
    expect(await archive(get(people, 'cleo'))).toBe('forbidden');
    say(get(people, 'cleo'), 'still here');
    await settled(get(people, 'cleo'));
    expect(get(people, 'anna').bodies()).not.toContain('still here');
    expect(get(people, 'cleo').bodies()).not.toContain('secret');
  });

  it('answers a self-ping by whether one is in it', async () => {
    const people = await club(hub.url);
    const ping = el('ping', NS.ping);
    expect(outcome(await get(people, 'cleo').iq('get', `${ROOM}/Cleo`, ping))).toBe('ok');
    expect(outcome(await get(people, 'eve').iq('get', `${ROOM}/Cleo`, ping))).toBe('not-acceptable');
  });
});

describe('a lost connection', () => {
  it('that is resumed is still in the room, and nothing is missing', async () => {
    const people = await club(hub.url);
    const [cleo, dora] = [get(people, 'cleo'), get(people, 'dora')];
    cleo.send(el('enable', NS.sm, { resume: 'true' }));
    const previd = (await cleo.named('enabled')).attrs.id ?? '';
    await cleo.kill();
    say(dora, 'meanwhile');
    await dora.body('meanwhile');
    const again = new RawClient(hub.url);
    await again.open();
    await again.authenticate('cleo', 'secret of cleo');
    await again.open();
    again.send(el('resume', NS.sm, { previd, h: 0 }));
    await again.named('resumed');
    await again.body('meanwhile');
    say(again, 'back');
    await dora.body('back');
    const left = dora.received.filter(
      (e) => e.attrs.from === `${ROOM}/Cleo` && e.attrs.type === 'unavailable',
    );
    expect(left).toEqual([]);
  });
});

describe('messages', () => {
  it('carry the room’s ids alone, and nothing forged', async () => {
    const people = await club(hub.url);
    say(get(people, 'cleo'), 'hi', [
      el('stanza-id', NS.sid, { id: '1', by: ROOM }),
      el('occupant-id', NS.occupantId, { id: 'somebody' }),
      el('x', NS.mucUser, {}, [el('item', NS.mucUser, { affiliation: 'owner' })]),
      el('delay', NS.delay, { stamp: '2001-01-01T00:00:00Z', from: ROOM }),
    ]);
    const got = await get(people, 'dora').body('hi');
    expect(got.attrs.from).toBe(`${ROOM}/Cleo`);
    expect(elements(got).map((e) => e.name)).toEqual(['body', 'occupant-id', 'stanza-id']);
    expect(child(got, 'occupant-id', NS.occupantId)?.attrs.id).not.toBe('somebody');
  });

  it('a muted person says nothing, also after coming back', async () => {
    const people = await club(hub.url);
    const [bert, cleo] = [get(people, 'bert'), get(people, 'cleo')];
    await change(bert, { role: 'visitor', nick: 'Cleo' });
    cleo.presence({ to: `${ROOM}/Cleo`, type: 'unavailable' });
    await enter(cleo, 'Cleo');
    await enter(cleo, 'Cleo');
    say(cleo, 'not heard');
    cleo.message(`${ROOM}/Dora`, 'nor this');
    await settled(cleo);
    expect([...get(people, 'dora').bodies(), ...bert.bodies()]).toEqual([]);
    await change(bert, { role: 'participant', nick: 'Cleo' });
    say(cleo, 'heard');
    await bert.body('heard');
  });

  it('a private one says that it came through the room, and blocks count', async () => {
    const people = await club(hub.url);
    const [cleo, dora] = [get(people, 'cleo'), get(people, 'dora')];
    cleo.message(`${ROOM}/Dora`, 'psst');
    const got = await dora.body('psst');
    expect([got.attrs.from, child(got, 'x', NS.mucUser) !== undefined]).toEqual([`${ROOM}/Cleo`, true]);
    await dora.iq(
      'set',
      undefined,
      el('block', NS.blocking, {}, [el('item', NS.blocking, { jid: 'cleo@localhost' })]),
    );
    cleo.message(`${ROOM}/Dora`, 'again');
    expect(outcome(await cleo.next((e) => e.name === 'message' && e.attrs.type === 'error'))).toBe(
      'service-unavailable',
    );
    say(cleo, 'to all');
    await dora.body('to all');
  });

  it('are taken back by their author or a moderator, and by nobody else', async () => {
    const people = await club(hub.url, { [HISTORY_FIELD]: '1' });
    const [anna, bert, cleo, dora] = ['anna', 'bert', 'cleo', 'dora'].map((n) => get(people, n)) as [
      RawClient,
      RawClient,
      RawClient,
      RawClient,
    ]; // four names
    say(cleo, 'one');
    say(cleo, 'two');
    const one = stanzaId(await dora.body('one'));
    const two = stanzaId(await dora.body('two'));
    const moderate = (id: string): XmlElement =>
      el('moderate', NS.moderation, { id }, [el('retract', NS.retraction)]);
    say(dora, '', [el('retract', NS.retraction, { id: one }), el('store', NS.hints)]);
    expect(outcome(await dora.next((e) => e.name === 'message' && e.attrs.type === 'error'))).toBe(
      'forbidden',
    );
    say(dora, '', [
      el('retract', NS.retraction, { id: one }, [el('moderated', NS.moderation, { by: `${ROOM}/Anna` })]),
    ]);
    expect(outcome(await dora.next((e) => e.name === 'message' && e.attrs.type === 'error'))).toBe(
      'forbidden',
    );
    expect(outcome(await dora.iq('set', ROOM, moderate(one)))).toBe('forbidden');
    expect(bodiesIn(await archive(anna))).toEqual(['one', 'two']);
    expect(outcome(await bert.iq('set', ROOM, moderate(one)))).toBe('ok');
    say(cleo, '', [el('retract', NS.retraction, { id: two }), el('store', NS.hints)]);
    const told = await dora.next(
      (e) => e.attrs.from === ROOM && child(e, 'retract', NS.retraction) !== undefined,
    );
    expect(child(told, 'retract', NS.retraction)?.attrs.id).toBe(one);
    await settled(cleo);
    const kept = await archive(anna);
    expect(bodiesIn(kept)).toEqual(['', '', '', '']);
    if (typeof kept === 'string') throw new Error(kept);
    expect(kept.slice(0, 2).every((m) => child(m, 'retracted', NS.retraction))).toBe(true);
    expect(kept[2]?.attrs.from).toBe(ROOM);
  });
});

describe('invitations and history', () => {
  it('an invitation makes a member, who reads from joining on', async () => {
    const people = await club(hub.url);
    const [anna, cleo, eve] = [get(people, 'anna'), get(people, 'cleo'), get(people, 'eve')];
    say(anna, 'before');
    await cleo.body('before');
    cleo.message(ROOM, '', [el('x', NS.mucUser, {}, [el('invite', NS.mucUser, { to: 'eve@localhost' })])], {
      type: 'normal',
    });
    const invitation = await eve.next(
      (e) => e.attrs.from === ROOM && child(e, 'x', NS.mucUser) !== undefined,
    );
    expect(elements(child(invitation, 'x', NS.mucUser) ?? invitation)[0]?.attrs.from).toBe('cleo@localhost');
    expect(await archive(eve)).toEqual([]);
    await enter(eve, 'Eve');
    say(anna, 'after');
    await eve.body('after');
    expect(bodiesIn(await archive(eve))).toEqual(['after']);
    await configure(anna, { [HISTORY_FIELD]: '1' });
    expect(bodiesIn(await archive(eve))).toEqual(['before', 'after']);
  });

  it('is only for those who may, and a stranger invites nobody', async () => {
    const people = await club(hub.url, { 'muc#roomconfig_allowinvites': '0' });
    const x = el('x', NS.mucUser, {}, [el('invite', NS.mucUser, { to: 'eve@localhost' })]);
    for (const name of ['cleo', 'eve']) {
      get(people, name).message(ROOM, '', [x], { type: 'normal' });
      const answer = await get(people, name).next((e) => e.name === 'message' && e.attrs.type === 'error');
      expect(outcome(answer)).toBe('forbidden');
    }
  });

  it('declining tells who invited, and ends the membership', async () => {
    const people = await club(hub.url);
    const [cleo, eve] = [get(people, 'cleo'), get(people, 'eve')];
    const decline = (to: string): XmlElement => el('x', NS.mucUser, {}, [el('decline', NS.mucUser, { to })]);
    cleo.message(ROOM, '', [el('x', NS.mucUser, {}, [el('invite', NS.mucUser, { to: 'eve@localhost' })])], {
      type: 'normal',
    });
    await eve.next((e) => e.attrs.from === ROOM && child(e, 'x', NS.mucUser) !== undefined);
    eve.message(ROOM, '', [decline('anna@localhost')], { type: 'normal' });
    expect(outcome(await eve.next((e) => e.name === 'message' && e.attrs.type === 'error'))).toBe(
      'forbidden',
    );
    eve.message(ROOM, '', [decline('cleo@localhost')], { type: 'normal' });
    await cleo.next(
      (e) => e.attrs.from === ROOM && elements(child(e, 'x', NS.mucUser) ?? e, 'decline').length > 0,
    );
    expect(outcome(await enter(eve, 'Eve'))).toBe('registration-required');
  });
});
