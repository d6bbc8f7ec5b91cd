/** Codes of the failures that are expected. The renderer turns each into words that say what to do. */
export const errorCodes = [
  'internal',
  'unknown-method',
  'invalid-argument',
  'not-signed-in',
  'already-signed-in',
  'cancelled',
  'not-found',
  'offline',
  // accounts and servers
  'address-invalid',
  'link-invalid',
  'username-taken',
  'username-invalid',
  'wrong-password',
  'registration-closed',
  'registration-form',
  'server-not-found',
  'server-unreachable',
  'server-refused',
  'server-error',
  'certificate-invalid',
  'connection-insecure',
  'mechanism-downgraded',
  'hub-unavailable',
  // this computer
  'disk-full',
  'folder-unwritable',
  'database-newer',
  'database-broken',
  'secret-unavailable',
  // pictures and files
  'file-missing',
  'not-an-image',
  'image-broken',
  'image-too-large',
  'image-unsupported',
  'media-failed',
  'file-too-large',
  'file-empty',
  'file-broken',
  'voice-too-long',
  'upload-unsupported',
  'upload-failed',
  'download-failed',
  'download-refused',
  // messages
  'not-delivered',
  'text-too-long',
  'no-answer',
  'already-sent',
  'blocked-by-you',
  'choice-refused',
  'nudge',
  'reaction-limit',
  // albums
  'too-many-photos',
  // stickers
  'sticker-pack-refused',
  'sticker-pack-restricted',
  'sticker-limit',
  // groups
  'groups-unsupported',
  'group-not-found',
  'group-closed',
  'banned',
  'forbidden',
  'nickname-taken',
  'not-invited',
  'successor-needed',
  'moderation-unsupported',
  'slow-mode',
  'waits-for-moderator',
  'guidelines-first',
  'poll-closed',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What goes with a code: numbers and short strings for the text (bytes, px, host names), never bodies or secrets. */
export type ErrorDetail = Readonly<Record<string, string | number>>;

/** An expected failure, with the code that crosses to the renderer. Thrown inside main, caught by dispatch. */
export class PostcardError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = 'PostcardError';
    this.code = code;
    this.detail = detail;
  }
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: ErrorDetail };
