import { describe, expect, it } from 'vitest';
import { decide, type NotificationCase } from './rule.ts';

const news: NotificationCase = {
  enabled: true,
  notify: null,
  mention: false,
  blocked: false,
  sound: true,
  outgoing: false,
  history: false,
  repeat: false,
  read: false,
  inView: false,
  request: false,
  mutedUntil: null,
  quiet: false,
  now: 1000,
};
const aloud = { show: true, sound: true };
const silent = { show: true, sound: false };
const nothing = { show: false, sound: false };

describe('whether to notify', () => {
  it.each<[string, Partial<NotificationCase>, ReturnType<typeof decide>]>([
    ['a new message', {}, aloud],
    ['without sound', { sound: false }, silent],
    ['notifications are off', { enabled: false }, nothing],
    ['my own, from another device', { outgoing: true }, nothing],
    ['history of a fresh profile', { history: true }, nothing],
    ['stored before', { repeat: true }, nothing],
    ['read on another device', { read: true }, nothing],
    ['open and in view', { inView: true }, nothing],
    ['from somebody not let in', { request: true }, nothing],
    ['muted until later', { mutedUntil: 1001 }, nothing],
    ['the mute has ended', { mutedUntil: 1000 }, aloud],
    ['muted, and in view', { mutedUntil: 2000, inView: true }, nothing],
    ['in a group', { notify: 'all' }, aloud],
    ['in a group, with groups off', { notify: 'all', enabled: false, mention: true }, nothing],
    ['in a group of which I hear mentions alone', { notify: 'mentions' }, nothing],
    ['naming me there', { notify: 'mentions', mention: true }, aloud],
    ['naming me in a group of which I hear nothing', { notify: 'none', mention: true }, nothing],
    ['in a muted group', { notify: 'all', mutedUntil: 1001 }, nothing],
    ['naming me in a muted group', { notify: 'all', mutedUntil: 1001, mention: true }, aloud],
    [
      'naming me in a muted group that I look at',
      { notify: 'all', mutedUntil: 1001, mention: true, inView: true },
      nothing,
    ],
    ['naming me in quiet hours', { notify: 'all', mention: true, quiet: true }, nothing],
    ['naming me, from somebody I block', { notify: 'all', mention: true, blocked: true }, nothing],
    ['naming me, muted, but not in a group', { mention: true, mutedUntil: 1001 }, nothing],
    ['in quiet hours', { quiet: true }, nothing],
    ['in quiet hours, after a mute', { quiet: true, mutedUntil: 10 }, nothing],
  ])('%s', (_name, change, expected) => {
    expect(decide({ ...news, ...change })).toEqual(expected);
  });
});
