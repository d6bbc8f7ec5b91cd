import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';
import type { InboundEffect, OutboundEffect } from './effect-types.ts';
import { correctionOf, readCorrection } from './modules/xep-0308-correction.ts';
import { readRetraction, retractionOf } from './modules/xep-0424-retraction.ts';
import { reactionsOf, readReactions } from './modules/xep-0444-reactions.ts';
import type { SharedFile } from './types.ts';

/** Ending of the id of the message that repeats a caption for other apps. */
export const CAPTION = '.caption';
/** The id of the message that repeats the caption of this one. */
export const captionIdOf = (id: string): string => id + CAPTION;
/** For apps that don't know retraction (XEP-0424 section 4); in English, since the reader's language is not known. */
const UNSENT = 'This person unsent a message, but your app may still show it.';
/** Characters; an id that is longer is none of anybody's. */
const MAX_ID = 1023;

/**
 * What a stanza does to another message, and null for one that stands for itself. `content` is what was read of its
 * body and files.
 */
export function readEffect(
  stanza: ReceivedMessage,
  content: { body: string | null; files: readonly SharedFile[] },
): InboundEffect | null {
  const retracted = readRetraction(stanza);
  if (retracted !== null) return bounded(retraction(stanza, retracted));
  const reactions = readReactions(stanza);
  if (reactions !== null) return bounded({ kind: 'react', target: reactions.id, emojis: reactions.emojis });
  const corrected = readCorrection(stanza);
  if (corrected === null) return null;
  const caption = content.files.find((file) => file.caption !== null)?.caption;
  const text = caption ?? content.body ?? content.files[0]?.url ?? '';
  return bounded({ kind: 'edit', target: stanza.captionOf ?? corrected, text });
}

/** A caption that is taken away leaves the photo: apps that know captions hear it as an edit. */
const retraction = (stanza: ReceivedMessage, target: string): InboundEffect =>
  stanza.captionOf === undefined
    ? { kind: 'unsend', target }
    : { kind: 'edit', target: stanza.captionOf, text: '' };

const bounded = (effect: InboundEffect): InboundEffect | null =>
  effect.target.length > MAX_ID ? null : effect;

/** The stanza that tells it. */
export function buildEffect(o: {
  id: string;
  to: string;
  type: 'chat' | 'groupchat';
  effect: OutboundEffect;
}): Message {
  const common = { to: o.to, type: o.type, id: o.id, originId: o.id };
  return { ...common, processingHints: { store: true }, ...payload(o.effect) };
}

function payload(effect: OutboundEffect): Partial<Message> {
  switch (effect.kind) {
    case 'edit':
      return effect.caption ? captionEdit(effect) : { body: effect.text, ...correctionOf(effect.target) };
    case 'react':
      return reactionsOf(effect.target, effect.emojis);
    case 'unsend':
      return retractionOf(effect.target, effect.silent ? null : UNSENT);
  }
}

/** The photo itself stays as it is: other apps have its caption as a message of its own, and correct that one. */
function captionEdit(o: { target: string; text: string; captionId?: string }): Partial<Message> {
  const { target, text } = o;
  const id = target + CAPTION;
  return text === ''
    ? { ...retractionOf(o.captionId ?? id, null), captionOf: target }
    : { body: text, ...correctionOf(id), captionOf: target };
}
