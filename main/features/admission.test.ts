import { describe, expect, it } from 'vitest';
import { admit, type Admission, type AdmissionCase } from './admission.ts';

const first: AdmissionCase = {
  choice: 'everyone',
  inviteChoice: 'friends',
  relation: 'stranger',
  blocked: false,
  assistant: false,
  outgoing: false,
  history: false,
  invite: 'none',
  request: null,
};

describe('admit', () => {
  it.each<[string, Partial<AdmissionCase>, Admission]>([
    ["a stranger's first message", {}, 'request'],
    ['the second one', { request: 'pending' }, 'request'],
    ['a one-way follower is a stranger', { relation: 'follower' }, 'request'],
    ['somebody refused stays so', { request: 'refused' }, 'fold'],
    ['a refused follower', { request: 'refused', relation: 'follower' }, 'fold'],
    ['somebody I wrote to', { request: 'none' }, 'deliver'],
    ['a friend', { relation: 'friend' }, 'deliver'],
    ['somebody I follow', { relation: 'following' }, 'deliver'],
    ['somebody I accepted', { relation: 'accepted' }, 'deliver'],
    ['accepted after having been refused', { relation: 'accepted', request: 'refused' }, 'deliver'],
    ['followed while pending', { relation: 'following', request: 'pending' }, 'deliver'],
    ['my own', { outgoing: true }, 'deliver'],
    ['my own, although I blocked them', { outgoing: true, blocked: true }, 'deliver'],
    ['my own, to somebody refused', { outgoing: true, request: 'refused' }, 'deliver'],
    ['a note to self', { relation: 'self', choice: 'no-one' }, 'deliver'],
    ['the assistant', { assistant: true }, 'deliver'],
    ['the assistant, with No one', { assistant: true, choice: 'no-one' }, 'deliver'],
    ['the assistant, blocked', { assistant: true, blocked: true }, 'drop'],
    ['blocked', { blocked: true }, 'drop'],
    ['a blocked friend', { blocked: true, relation: 'friend' }, 'drop'],
    ['blocked, from the archive', { blocked: true, history: true }, 'drop'],
    // Who can message me: on servers that don't enforce it.
    ['Friends: a friend', { choice: 'friends', relation: 'friend' }, 'deliver'],
    ['Friends: somebody I follow', { choice: 'friends', relation: 'following' }, 'drop'],
    ['Friends: a follower', { choice: 'friends', relation: 'follower' }, 'drop'],
    ['Friends: a stranger', { choice: 'friends' }, 'drop'],
    ['Friends: somebody I wrote to', { choice: 'friends', request: 'none' }, 'drop'],
    ['No one: a friend', { choice: 'no-one', relation: 'friend' }, 'drop'],
    ['No one: a stranger', { choice: 'no-one' }, 'drop'],
    // History was let in, or not, by what was chosen then.
    ['history of a stranger', { history: true }, 'request'],
    ['history of a stranger, Friends now', { history: true, choice: 'friends' }, 'request'],
    ['history of a friend, No one now', { history: true, choice: 'no-one', relation: 'friend' }, 'deliver'],
    ['history with somebody I answered', { history: true, request: 'none' }, 'deliver'],
    // Invitations.
    ['invited by a stranger', { invite: 'room' }, 'request'],
    ['invited by a friend', { invite: 'room', relation: 'friend' }, 'deliver'],
    ['invited by somebody I follow', { invite: 'room', relation: 'following' }, 'request'],
    ['invited by a follower', { invite: 'room', relation: 'follower' }, 'request'],
    ['Everyone: invited by a stranger', { invite: 'room', inviteChoice: 'everyone' }, 'request'],
    [
      'Everyone: invited by somebody refused',
      { invite: 'room', inviteChoice: 'everyone', request: 'refused' },
      'fold',
    ],
    ['Friends for messages: invited by a stranger', { invite: 'person', choice: 'friends' }, 'drop'],
    [
      'No one for messages: invited by a follower',
      { invite: 'person', choice: 'no-one', relation: 'follower' },
      'drop',
    ],
    ['No one for messages: invited through a room', { invite: 'room', choice: 'no-one' }, 'request'],
    ['invited by a stranger directly', { invite: 'person' }, 'request'],
    ['Friends for messages, long ago', { invite: 'person', choice: 'friends', history: true }, 'request'],
    ['No one: invited by a friend', { invite: 'room', inviteChoice: 'no-one', relation: 'friend' }, 'drop'],
    ['invited by somebody blocked', { invite: 'room', inviteChoice: 'everyone', blocked: true }, 'drop'],
    [
      'invited, with No one for messages',
      { invite: 'room', relation: 'friend', choice: 'no-one' },
      'deliver',
    ],
  ])('%s', (_name, change, expected) => {
    expect(admit({ ...first, ...change })).toBe(expected);
  });
});
