import { describe, expect, it } from 'vitest';
import { shouldNotify, type NotificationCase } from './notification-rule.ts';

const news: NotificationCase = {
  enabled: true,
  outgoing: false,
  history: false,
  repeat: false,
  inView: false,
  mutedUntil: null,
  now: 1000,
};

describe('shouldNotify', () => {
  it.each<[string, Partial<NotificationCase>, boolean]>([
    ['a new message', {}, true],
    ['notifications are off', { enabled: false }, false],
    ['my own, from another device', { outgoing: true }, false],
    ['history of a fresh profile', { history: true }, false],
    ['stored before', { repeat: true }, false],
    ['open and in view', { inView: true }, false],
    ['muted until later', { mutedUntil: 1001 }, false],
    ['the mute has ended', { mutedUntil: 1000 }, true],
    ['muted, and in view', { mutedUntil: 2000, inView: true }, false],
  ])('%s', (_name, change, expected) => {
    expect(shouldNotify({ ...news, ...change })).toBe(expected);
  });
});
