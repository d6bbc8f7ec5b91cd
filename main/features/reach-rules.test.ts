import { describe, expect, it } from 'vitest';
import type { PrivacyRule } from '../xmpp/index.ts';
import { buildItems, readRules } from '../xmpp/modules/xep-0016-privacy-lists.ts';
import { choiceOf, rulesFor, sameRules } from './reach-rules.ts';

const block = (value: string, order = 0): PrivacyRule => ({
  action: 'deny',
  type: 'jid',
  value,
  order,
  kinds: [],
});
const open = ['me@a.example', 'rooms.a.example'];
const choices = ['everyone', 'friends', 'no-one'] as const;

describe('the list on the server', () => {
  it.each(choices)('says %s, and is read as that', (choice) => {
    expect(choiceOf(rulesFor({ choice, existing: [], open }))).toBe(choice);
  });

  it.each(choices)('%s keeps whom it blocks, before everything else, and drops the rest', (choice) => {
    const foreign: PrivacyRule = { action: 'allow', type: 'group', value: 'Family', order: 3, kinds: [] };
    const existing = [block('pest@a.example'), foreign, block('plague.example', 7)];
    const rules = rulesFor({ choice, existing, open });
    expect(rules.slice(0, 2).map(({ value }) => value)).toEqual(['pest@a.example', 'plague.example']);
    expect(rules).not.toContainEqual(expect.objectContaining({ type: 'group' }));
    expect(new Set(rules.map(({ order }) => order)).size).toBe(rules.length);
  });

  it.each(choices)('%s, written again from what was read, is the same', (choice) => {
    const once = rulesFor({ choice, existing: [block('pest@a.example')], open });
    // As the wire brings it back.
    const read = readRules(buildItems(once));
    expect(sameRules(rulesFor({ choice, existing: read, open }), read)).toBe(true);
    for (const other of choices) {
      if (other !== choice)
        expect(sameRules(rulesFor({ choice: other, existing: read, open }), read)).toBe(false);
    }
  });

  it('lets nothing but messages depend on a choice: following and rooms go on', () => {
    for (const choice of choices) {
      const rules = rulesFor({ choice, existing: [], open });
      expect(rules.every(({ kinds }) => kinds.length === 1 && kinds[0] === 'message')).toBe(true);
    }
  });

  it('is none of ours when somebody else wrote it', () => {
    expect(choiceOf([])).toBe(null);
    expect(choiceOf([block('pest@a.example')])).toBe(null);
    expect(choiceOf([{ action: 'deny', type: null, value: '', order: 1, kinds: ['iq'] }])).toBe(null);
  });

  it('is read without items that are no rules', () => {
    const items = [
      { action: 'deny', type: 'jid', value: 'b@a.example', order: 2 },
      { action: 'maybe', order: 1 },
      { action: 'allow', type: 'moon', order: 3 },
      { action: 'allow', order: 0, messages: true },
    ];
    expect(readRules(items)).toEqual([
      { action: 'allow', type: null, value: '', order: 0, kinds: ['message'] },
      { action: 'deny', type: 'jid', value: 'b@a.example', order: 2, kinds: [] },
    ]);
  });
});
