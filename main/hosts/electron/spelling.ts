import type { MenuItemConstructorOptions, Session } from 'electron';
import type { SettingsFile } from '../../ports.ts';
import { texts } from './texts.ts';

export interface Spelling {
  menuItems(): MenuItemConstructorOptions[];
}

const settingsKey = 'spelling';

/**
 * macOS checks with the system's own dictionaries. Elsewhere Chromium would fetch one from Google's servers at
 * the first start, which tells them about it: there it is off until somebody asks for it in the text box's menu.
 */
export function createSpelling(session: Session, settings: SettingsFile): Spelling {
  const bySystem = process.platform === 'darwin';
  const wanted = () => {
    const stored = settings.get(settingsKey);
    return typeof stored === 'boolean' ? stored : bySystem;
  };
  const apply = () => {
    session.setSpellCheckerEnabled(wanted());
  };
  apply();
  return {
    menuItems: () => [
      {
        label: bySystem || wanted() ? texts.checkSpelling : texts.checkSpellingDownloads,
        type: 'checkbox',
        checked: wanted(),
        click: () => {
          settings.set(settingsKey, !wanted());
          apply();
        },
      },
    ],
  };
}
