import * as v from 'valibot';
import { event, method } from './define.ts';
import type { Account } from './accounts.ts';
import type { ErrorCode, ErrorDetail } from './errors.ts';

/** What the window shows first. `blocked`: this profile can't be opened; `problem` says why. */
export interface AppState {
  readonly phase: 'welcome' | 'ready' | 'blocked';
  readonly account: Account | null;
  readonly problem: { readonly code: ErrorCode; readonly detail: ErrorDetail } | null;
  readonly version: string;
  readonly profile: string;
  readonly platform: 'win32' | 'darwin' | 'linux';
  /** Who shows notifications: the system (native) or the page (Web Notifications). */
  readonly notifications: 'native' | 'page';
  /** Where the password is kept: the system's key store, or a file only this user can read. */
  readonly secrets: 'system' | 'file';
  /** True where the app can go on receiving after its window is closed; the setting says whether it does. */
  readonly background: boolean;
}

export const app = {
  'app.state': method<AppState>()(v.object({})),
  'app.changed': event<AppState>(),
  /** From the host: the window went to the background, or came back. Its page may not see that by itself. */
  'app.shown': event<{ shown: boolean }>(),
  /** Tries once more to open a profile that is blocked (there is room again, a backup was put back). */
  'app.retry': method<AppState>()(v.object({})),
  /** Ends the app. Closing the window only sends it to the background where the host can do that. */
  'app.quit': method()(v.object({})),
  /** Opens a web page (http, https) or a mail program (mailto) outside of Postcard. */
  'app.openExternal': method()(v.object({ url: v.pipe(v.string(), v.maxLength(8192)) })),
};
