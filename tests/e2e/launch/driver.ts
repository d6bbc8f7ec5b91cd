import type { Page } from '@playwright/test';

export interface LaunchOptions {
  readonly home: string;
  readonly profile?: string;
  /** For the app's process. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
}

/** A running Postcard, whatever its host is. */
export interface Driver {
  readonly page: Page;
  /** What it has shown so far, in order. */
  notifications(): Promise<ShownNotification[]>;
  /** Ends it as a person would. */
  close(): Promise<void>;
  /** SIGKILL to the process that holds the core, now. */
  kill(): Promise<void>;
}
