import { describe, expect, it } from 'vitest';
import { decide, type NotificationCase } from './rule.ts';

const news: NotificationCase = {
  enabled: true,
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
    ['in quiet hours', { quiet: true }, nothing],
    ['in quiet hours, after a mute', { quiet: true, mutedUntil: 10 }, nothing],
  ])('%s', (_name, change, expected) => {
    expect(decide({ ...news, ...change })).toEqual(expected);
  });
});
