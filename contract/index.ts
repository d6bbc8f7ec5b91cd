import { albums } from './albums.ts';
import { accountSettings } from './account-settings.ts';
import { accounts } from './accounts.ts';
import { app } from './app.ts';
import { conversations } from './conversations.ts';
import type { Event, Method, ParamsOf, ParsedParamsOf, PayloadOf, ResultOf } from './define.ts';
import type { Outcome } from './errors.ts';
import { forward } from './forward.ts';
import { files } from './files.ts';
import { gallery } from './gallery.ts';
import { groups } from './groups.ts';
import { links } from './links.ts';
import { messageChanges } from './message-changes.ts';
import { messages } from './messages.ts';
import { notifications } from './notifications.ts';
import { nudges } from './nudges.ts';
import { people } from './people.ts';
import { photos } from './photos.ts';
import { pins } from './pins.ts';
import { polls } from './polls.ts';
import { reach } from './reach.ts';
import { reactions } from './reactions.ts';
import { replies } from './replies.ts';
import { reports } from './reports.ts';
import { requests } from './requests.ts';
import { settings } from './settings.ts';
import { status } from './status.ts';
import { stickers } from './stickers.ts';
import { undoSend } from './undo-send.ts';
import { voiceNotes } from './voice-notes.ts';

/** Everything that crosses between the core and a window. A new feature adds its one line here. */
export const contract = {
  ...app,
  ...accounts,
  ...accountSettings,
  ...conversations,
  ...messages,
  ...messageChanges,
  ...reactions,
  ...replies,
  ...forward,
  ...undoSend,
  ...photos,
  ...files,
  ...voiceNotes,
  ...gallery,
  ...pins,
  ...albums,
  ...people,
  ...notifications,
  ...requests,
  ...settings,
  ...reach,
  ...reports,
  ...links,
  ...status,
  ...nudges,
  ...stickers,
  ...groups,
  ...polls,
};

type Contract = typeof contract;
export type MethodName = { [K in keyof Contract]: Contract[K] extends Method ? K : never }[keyof Contract];
export type EventName = { [K in keyof Contract]: Contract[K] extends Event ? K : never }[keyof Contract];
export type Params<N extends MethodName> = ParamsOf<Contract[N]>;
export type ParsedParams<N extends MethodName> = ParsedParamsOf<Contract[N]>;
export type Result<N extends MethodName> = ResultOf<Contract[N]>;
export type Payload<N extends EventName> = PayloadOf<Contract[N]>;

/** The handlers of the whole contract; a missing one is a type error. */
export type Handlers = { [N in MethodName]: (params: ParsedParams<N>) => Result<N> | Promise<Result<N>> };

/** What a window has of the core: the same in both hosts. */
export interface Bridge {
  call<N extends MethodName>(name: N, params: Params<N>): Promise<Outcome<Result<N>>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: Payload<N>) => void): () => void;
  /** The absolute path of a chosen or dropped file; `''` where the page can't know it. */
  pathForFile(file: File): string;
}

const names = (kind: 'method' | 'event') =>
  Object.entries(contract)
    .filter(([, entry]) => entry.kind === kind)
    .map(([name]) => name);
export const methodNames = names('method') as readonly MethodName[];
export const eventNames = names('event') as readonly EventName[];
