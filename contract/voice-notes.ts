import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, fileSource, type ConversationId } from './ids.ts';
import { anyway, type Message } from './messages.ts';

/** ms that a voice note can last. */
export const longestVoice = 600_000;
/** Levels of a waveform. */
export const mostLevels = 64;

/** A recording that has not been sent: one a conversation, kept like a draft. */
export interface KeptVoice {
  readonly conversationId: ConversationId;
  /** Hex; to be heard from `/media/file/SHA256`. */
  readonly sha256: string;
  /** Bytes. */
  readonly bytes: number;
  /** ms; null when it does not say. */
  readonly durationMs: number | null;
}

const levels = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{0,88}={0,2}$/));

export const voiceNotes = {
  /** The recording that waits in a conversation; null: none. */
  'voice.kept': method<KeptVoice | null>()(v.object({ conversationId })),
  /**
   * Keeps a recording, in the place of the one before. `waveform`: base64 of up to 64 levels. Errors: file-empty,
   * file-broken, file-missing, voice-too-long, disk-full, not-found.
   */
  'voice.keep': method<KeptVoice>()(v.object({ conversationId, source: fileSource, waveform: levels })),
  'voice.discard': method()(v.object({ conversationId })),
  /** Sends what is kept, once. Errors: not-found (nothing is), nudge, file-too-large, upload-unsupported. */
  'voice.send': method<Message>()(v.object({ conversationId, anyway })),
  'voice.keptChanged': event<{ conversationId: ConversationId; kept: KeptVoice | null }>(),
};
