import * as v from 'valibot';
import type { OutgoingNote, PollDefinition } from '../../store/index.ts';
import type { RoomNote } from '../../xmpp/index.ts';
import { cleanLine, cleanText } from '../plain-text.ts';

/** Characters, as in the contract. */
const QUESTION = 300;
const OPTION = 100;
const TITLE = 200;
const ASKED = 500;
const MOST_OPTIONS = 12;
const MOST_PEOPLE = 1_000_000;

const ref = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1023));
const line = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most * 8),
    v.transform((text) => cleanLine(text, most)),
    v.nonEmpty(),
  );
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8_640_000_000_000_000));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_PEOPLE));
const flag = v.optional(v.boolean(), false);
const choices = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_OPTIONS - 1))),
  v.maxLength(MOST_OPTIONS),
);

const poll = v.object({
  question: line(QUESTION),
  options: v.pipe(v.array(line(OPTION)), v.minLength(2), v.maxLength(MOST_OPTIONS)),
  several: flag,
  anonymous: flag,
  endsAt: v.optional(v.nullable(time), null),
});
const box = v.object({ title: line(TITLE) });

/** What a note of each kind says, in the form it is kept in. */
const kinds = {
  vote: v.pipe(
    v.object({ poll: ref, choices, room: v.optional(v.string()) }),
    v.transform((said) => ({ ref: said.poll, body: said.choices, room: said.room ?? null })),
  ),
  tally: v.pipe(
    v.object({ poll: ref, counts: v.pipe(v.array(count), v.maxLength(MOST_OPTIONS)), voters: count }),
    v.transform((said) => ({ ref: said.poll, body: { counts: said.counts, voters: said.voters } })),
  ),
  close: v.pipe(
    v.object({ poll: ref }),
    v.transform((said) => ({ ref: said.poll, body: null })),
  ),
  ask: v.pipe(
    v.object({
      box: ref,
      text: v.pipe(
        v.string(),
        v.maxLength(ASKED * 8),
        v.transform((text) => cleanText(text, ASKED)),
        v.nonEmpty(),
      ),
    }),
    v.transform((said) => ({ ref: said.box, body: said.text })),
  ),
  upvote: v.pipe(
    v.object({ box: ref, question: ref, on: v.boolean() }),
    v.transform((said) => ({ ref: said.box, body: { question: said.question, on: said.on } })),
  ),
  answered: v.pipe(
    v.object({ box: ref, question: ref, answered: v.boolean() }),
    v.transform((said) => ({ ref: said.box, body: { question: said.question, answered: said.answered } })),
  ),
  'close-box': v.pipe(
    v.object({ box: ref }),
    v.transform((said) => ({ ref: said.box, body: null })),
  ),
} as const;

type Kinds = typeof kinds;
/** One of them, checked. */
export type Said = { [K in keyof Kinds]: { readonly kind: K } & v.InferOutput<Kinds[K]> }[keyof Kinds];

const familyOf = (kind: keyof Kinds): RoomNote['family'] =>
  kind === 'vote' || kind === 'tally' || kind === 'close' ? 'polls' : 'questions';

/** null: it is nothing that is known, or not what it says. */
export function parseSaid({ family, kind, json }: RoomNote): Said | null {
  if (!isKind(kind) || familyOf(kind) !== family) return null;
  const parsed = v.safeParse(kinds[kind], read(json));
  // The schema is the one of this kind.
  return parsed.success ? ({ kind, ...parsed.output } as Said) : null;
}

const isKind = (kind: string): kind is keyof Kinds => Object.hasOwn(kinds, kind);

/** null: it is none. */
export function parsePoll({ json }: RoomNote): PollDefinition | null {
  const parsed = v.safeParse(poll, read(json));
  return parsed.success ? parsed.output : null;
}

/** The title of a box; null: it is none. */
export function parseBox({ json }: RoomNote): string | null {
  const parsed = v.safeParse(box, read(json));
  return parsed.success ? parsed.output.title : null;
}

function read(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What goes with the message that asks, or opens a box of this title. */
export const noteOf = (asks: PollDefinition | string): RoomNote =>
  typeof asks === 'string'
    ? { family: 'questions', kind: 'box', json: JSON.stringify({ title: asks }) }
    : { family: 'polls', kind: 'poll', json: JSON.stringify(asks) };

/** What is said about a message of this id of the room. `room` goes along in a message of two alone. */
export function composeSaid(note: OutgoingNote, about: string): RoomNote {
  const family = familyOf(note.kind);
  return { family, kind: note.kind, json: JSON.stringify({ ...subject(note, about), ...partsOf(note) }) };
}

const subject = (note: OutgoingNote, about: string): object =>
  familyOf(note.kind) === 'polls' ? { poll: about } : { box: about };

function partsOf(note: OutgoingNote): object {
  switch (note.kind) {
    case 'vote':
      return { choices: note.body, ...(note.toAddress === null ? {} : { room: note.room }) };
    case 'ask':
      return { text: note.body };
    case 'tally':
    case 'upvote':
    case 'answered':
      return note.body;
    case 'close':
    case 'close-box':
      return {};
  }
}

/** The text that other apps show of a poll; who reads it there can answer with a number, where names are no secret. */
export function pollText({ question, options, several, anonymous }: PollDefinition): string {
  const how = anonymous
    ? 'An anonymous poll: vote in Postcard.'
    : several
      ? 'Answer with the numbers, like 1, 2.'
      : 'Answer with the number.';
  return [`Poll: ${question}`, ...options.map((text, i) => `${i + 1}. ${text}`), how].join('\n');
}

/** The same of a question box. */
export const boxText = (title: string): string => `Questions: ${title}\nAsk and vote in Postcard.`;
