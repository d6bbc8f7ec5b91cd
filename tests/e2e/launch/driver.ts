import type { Page } from '@playwright/test';

export interface LaunchOptions {
  readonly home: string;
  readonly profile?: string;
  /** For the app's process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Chromium's own, for Electron. */
  readonly switches?: readonly string[];
  /** `system`: notifications go where they really go; else they are written down. In Electron alone. */
  readonly notifications?: 'system';
}

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
}

export interface SavedFile {
  /** The name that was proposed. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Clipboard {
  readonly text: string;
  /** px; null without a picture. */
  readonly picture: { readonly width: number; readonly height: number } | null;
}

/** A running Postcard, whatever its host is. */
export interface Driver {
  /** Its page; after its window was closed and opened again, that one. */
  readonly page: Page;
  /** Of the process that holds the core. */
  readonly pid: number;
  /** What it has shown so far, in order. */
  notifications(): Promise<ShownNotification[]>;
  /** Clicks one of those that were written down, counted from 0. */
  clickNotification(at: number): Promise<void>;
  /** Does what saves a file, answers the system's dialog, and gives what was saved. */
  saved(act: () => Promise<void>): Promise<SavedFile>;
  clipboard(): Promise<Clipboard>;
  /** Closes the window (the page, in a browser) as its own button does. */
  closeWindow(): Promise<void>;
  /** Starts the program again with the same options; gives its exit code once it has ended. */
  startAgain(): Promise<number | NodeJS.Signals>;
  /** Whether somebody can see it. */
  visible(): Promise<boolean>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Ends it as a person would; nothing where it has ended by itself. */
  close(): Promise<void>;
  /** SIGKILL to the process that holds the core, now. */
  kill(): Promise<void>;
}
