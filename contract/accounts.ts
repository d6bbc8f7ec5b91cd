import * as v from 'valibot';
import { event, method } from './define.ts';
import type { ErrorCode, ErrorDetail } from './errors.ts';
import { fileSource, pictureCrop } from './ids.ts';

/** What stands for the built-in hub in the field Server. */
export const THIS_COMPUTER = 'This computer';

/** The account of this profile. */
export interface Account {
  /** Bare address. */
  readonly address: string;
  readonly displayName: string;
  /** SHA-256 of the picture in the media store, shown from `/media/avatar/…`. */
  readonly avatar: string | null;
  /** `This computer`, or the server as it was typed. */
  readonly server: string;
  readonly onThisComputer: boolean;
  /** The server's limit for one uploaded file, bytes; null until known, 0 when the server takes no files. */
  readonly uploadLimit: number | null;
}

export type ConnectionState = 'connected' | 'connecting' | 'offline';

export interface Connection {
  readonly state: ConnectionState;
  /** Why it is not connected, where known. */
  readonly problem: { readonly code: ErrorCode; readonly detail: ErrorDetail } | null;
  /** Unix time in ms of the next attempt; null when none is planned. */
  readonly retryAt: number | null;
  /** Share of the archive that has been fetched after signing in, 0 to 1; null when nothing is being fetched. */
  readonly catchingUp: number | null;
}

/** The form a public server may ask for before it makes an account (XEP-0077 section 4, XEP-0158). */
export interface RegistrationForm {
  readonly instructions: string;
  readonly url: string | null;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly kind: 'text' | 'password' | 'fixed' | 'hidden';
    readonly required: boolean;
    readonly value: string;
    /** A data: URL of a captcha picture. */
    readonly picture: string | null;
  }[];
}

const password = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1024));
const server = v.pipe(v.string(), v.trim(), v.maxLength(1024));

export const accounts = {
  /** `server`: `This computer`, a domain, or a ws://, wss://, xmpp:// or xmpps:// address. */
  'accounts.create': method<RegistrationForm | null>()(
    v.object({
      username: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(3071)),
      password,
      displayName: v.pipe(v.string(), v.trim(), v.maxLength(200)),
      server,
      picture: v.nullable(fileSource),
      /** Answers to a form that an earlier call returned. */
      form: v.nullable(v.record(v.string(), v.pipe(v.string(), v.maxLength(4096)))),
    }),
  ),
  'accounts.signIn': method()(
    v.object({ username: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(3071)), password, server }),
  ),
  'accounts.signOut': method()(v.object({ deleteMessages: v.boolean() })),
  /** Removes the account from its server, and everything of it here. */
  'accounts.delete': method()(v.object({ password })),
  'accounts.changePassword': method()(v.object({ password, newPassword: password })),
  'accounts.setDisplayName': method()(
    v.object({ displayName: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200)) }),
  ),
  /** `crop`: the part of it to be shown; its middle without one. */
  'accounts.setPicture': method()(
    v.object({ picture: v.nullable(fileSource), crop: v.optional(pictureCrop) }),
  ),
  /** Signs in again with a new password after the server refused the old one. */
  'accounts.updatePassword': method()(v.object({ password })),
  'connection.state': method<Connection>()(v.object({})),
  'connection.changed': event<Connection>(),
  /** Tries now instead of waiting for the next planned attempt. */
  'connection.retry': method()(v.object({})),
};
