import type { ConversationId } from '../contract/ids.ts';

/** A notification of one conversation; a later one of the same conversation takes its place. */
export interface NativeNotification {
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  /** The words of its buttons, where the system has them; also of the field for a reply. */
  readonly words: { readonly reply: string; readonly markRead: string };
  /** Somebody wrote an answer into the notification itself. */
  readonly onReply: (text: string) => void;
  readonly onMarkRead: () => void;
  /** The person clicked it. The host has raised the window before it calls this. */
  readonly onClick: () => void;
}

/** Small secrets (passwords, tokens) by key. All of it may throw PostcardError('secret-unavailable'). */
export interface Secrets {
  /** `system`: encrypted with the system's key store. `file`: a file that only this user can read (mode 0600). */
  readonly kind: 'system' | 'file';
  get(key: string): Promise<string | null>;
  /** Resolves once it is on disk. */
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Settings of this machine and profile, as JSON values in one file. Never for secrets. */
export interface SettingsFile {
  /** What is stored is from an older or newer version, or edited by hand: parse it. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** A process that runs one of our files. There `process.send` and its messages are as in one that Node forked. */
export interface OwnProcess {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however it ended, and also when it could not be started. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it at once, whatever it is doing; resolves when it has gone. */
  kill(): Promise<void>;
  /** Whether it keeps the program from ending. */
  keepAlive(on: boolean): void;
}

/** What a host offers the core. Everything else is the same on every host. */
export interface Ports {
  readonly platform: 'win32' | 'darwin' | 'linux';
  /** `page`: the core sends `notifications.show` to the pages instead of calling `notify`. */
  readonly notificationsShownBy: 'native' | 'page';
  /** True where the app can go on receiving after its last window is closed. */
  readonly canRunInBackground: boolean;
  /** Shows nothing, without an error, where the system can't. */
  notify(notification: NativeNotification): void;
  /** Takes back what is still shown of a conversation (it has been read). */
  dismiss(conversationId: ConversationId): void;
  /** Unread messages on the app's icon, where the system has that; 0 takes it away. */
  setBadge(count: number): void;
  /**
   * Opens a page or a mail program outside of Postcard. Schemes other than http, https and mailto are refused
   * with PostcardError('invalid-argument').
   */
  openExternal(url: string): Promise<void>;
  /** Asks for a folder to save into, by the system's own dialog; null when none was chosen. Null: a page downloads. */
  readonly chooseFolder: (() => Promise<string | null>) | null;
  readonly secrets: Secrets;
  readonly settings: SettingsFile;
  /** Raises the window, or opens one. Does nothing in the browser host, whose pages are the browser's. */
  focusWindow(): void;
  /** Begins a clean stop; returns at once. */
  quit(): void;
  /** One line into the profile's log file. Never bodies, addresses of others, or secrets. */
  log(line: string): void;
  /** Runs a worker's file in a process of its own, which ends with this one. Null: Node forks it. */
  readonly startProcess: ((file: URL) => OwnProcess) | null;
  /** The built file of a worker. */
  workerFile(name: WorkerName): URL;
}

export type WorkerName = 'hub-worker' | 'image-worker';
