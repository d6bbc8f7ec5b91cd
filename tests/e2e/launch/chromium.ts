import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** PLAYWRIGHT_CHROMIUM, else a Chromium of the system; null: Playwright's own. */
export function chromiumPath(): string | null {
  const chosen = process.env['PLAYWRIGHT_CHROMIUM'];
  if (chosen) return chosen;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync) ?? null;
}
