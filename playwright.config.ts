import { defineConfig } from '@playwright/test';
import type { HostOptions } from './tests/e2e/test.ts';
import { chromiumPath } from './tests/e2e/launch/chromium.ts';

const executablePath = chromiumPath();

/** The same specs in both hosts. */
export default defineConfig<HostOptions>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // Two cores are common: one app under test at a time, of which a spec may have two or three.
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['POSTCARD_E2E_REPORT']
    ? [['list'], ['json', { outputFile: process.env['POSTCARD_E2E_REPORT'] }]]
    : [['list']],
  use: {
    actionTimeout: 20_000,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      // A microphone that beeps, and nobody to ask whether it may be used.
      args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
      ...(executablePath === null ? {} : { executablePath }),
    },
  },
  projects: [
    // What is about one host alone is no spec of the other, and none that it skips.
    {
      name: 'browser',
      testIgnore: '**/*.electron.spec.ts',
      use: { browserName: 'chromium', host: 'browser' },
    },
    { name: 'electron', testIgnore: '**/*.browser.spec.ts', use: { host: 'electron' } },
  ],
});
