import { describe, expect, it } from 'vitest';
import { defaultPolicy, type GroupMember, type GroupRights, type Rank } from '../../../contract/groups.ts';
import { rightsOf, rightsOver } from './rights.ts';

/** The table of docs/mechanisms/groups.md, with the default policy. */
const table: readonly [
  keyof GroupRights,
  Readonly<Record<'owner' | 'moderator' | 'member' | 'muted', boolean>>,
][] = [
  ['write', { owner: true, moderator: true, member: true, muted: false }],
  ['media', { owner: true, moderator: true, member: true, muted: false }],
  ['links', { owner: true, moderator: true, member: true, muted: false }],
  ['invite', { owner: true, moderator: true, member: true, muted: false }],
  ['moderate', { owner: true, moderator: true, member: false, muted: false }],
  ['configure', { owner: true, moderator: false, member: false, muted: false }],
  ['destroy', { owner: true, moderator: false, member: false, muted: false }],
];
const who = {
  owner: ['owner', false],
  moderator: ['moderator', false],
  member: ['member', false],
  muted: ['member', true],
} as const;
const standing = { state: 'joined', policy: defaultPolicy } as const;

describe('what I may do', () => {
  it.each(table)('%s', (right, expected) => {
    for (const [name, [rank, muted]] of Object.entries(who))
      expect([name, rightsOf({ ...standing, rank, muted })[right]]).toEqual([
        name,
        expected[name as keyof typeof who],
      ]);
  });

  it('what the policy takes from members, and from nobody else', () => {
    const strict = { ...defaultPolicy, membersMay: { invite: false, media: false, links: false } };
    for (const right of ['invite', 'media', 'links'] as const) {
      expect(rightsOf({ ...standing, policy: strict, rank: 'member', muted: false })[right]).toBe(false);
      expect(rightsOf({ ...standing, policy: strict, rank: 'moderator', muted: false })[right]).toBe(true);
    }
    const announcements = { ...defaultPolicy, announcementsOnly: true };
    expect(rightsOf({ ...standing, policy: announcements, rank: 'member', muted: false }).write).toBe(false);
    expect(rightsOf({ ...standing, policy: announcements, rank: 'moderator', muted: false }).write).toBe(
      true,
    );
  });

  it('nothing where I am not', () => {
    for (const state of ['left', 'removed', 'banned', 'destroyed'] as const)
      expect(Object.values(rightsOf({ ...standing, state, rank: 'owner', muted: false }))).not.toContain(
        true,
      );
    expect(Object.values(rightsOf({ ...standing, rank: 'banned', muted: false }))).not.toContain(true);
  });
});

describe('what I may do with somebody', () => {
  const may = (rank: Rank, them: Rank, self = false): (keyof GroupMember['may'])[] =>
    (
      Object.entries(rightsOver({ rank, state: 'joined' }, { rank: them, self })) as [
        keyof GroupMember['may'],
        boolean,
      ][]
    )
      .filter(([, allowed]) => allowed)
      .map(([name]) => name);
  const all = ['remove', 'ban', 'mute'];

  it.each<[Rank, Rank, string[]]>([
    ['owner', 'owner', []],
    ['owner', 'moderator', ['remove', 'ban', 'makeMember', 'handOver']],
    ['owner', 'member', [...all, 'makeModerator', 'handOver']],
    ['owner', 'banned', []],
    ['moderator', 'owner', []],
    ['moderator', 'moderator', []],
    ['moderator', 'member', all],
    ['moderator', 'none', all],
    ['moderator', 'banned', []],
    ['member', 'member', []],
    ['member', 'owner', []],
    ['none', 'member', []],
  ])('%s with %s', (rank, them, expected) => {
    expect(may(rank, them)).toEqual(expected);
  });

  it('nothing with oneself, and nothing from outside', () => {
    expect(may('owner', 'owner', true)).toEqual([]);
    expect(may('moderator', 'member', true)).toEqual([]);
    expect(
      Object.values(rightsOver({ rank: 'owner', state: 'joining' }, { rank: 'member', self: false })),
    ).not.toContain(true);
  });
});
