import type { ConversationId } from '../../../contract/ids.ts';

/** What somebody is about to send. */
export interface Sending {
  readonly conversationId: ConversationId;
  /** The text, or all captions. */
  readonly text: string;
  /** It has a photo, file, voice note or sticker. */
  readonly media: boolean;
  /** How many messages it becomes; one unless told. */
  readonly messages?: number;
}

/**
 * Whether a group takes it from me now. Throws `forbidden`, `slow-mode` {seconds}, `guidelines-first`; not for what is no
 * group. Asked before anything is stored, so that the draft is kept.
 */
export type BeforeSending = (message: Sending) => void;
