import type { Handlers } from '../../../contract/index.ts';
import { contactSites, type ReadableDb } from '../../store/index.ts';
import type { SettingsFeature } from '../settings.ts';

/** Links are judged before they open, and opened without asking only where somebody said so. */
export function linkHandlers(o: {
  db: ReadableDb;
  settings: SettingsFeature;
}): Pick<Handlers, 'links.check' | 'links.trust'> {
  const trusted = () => o.settings.current().trustedSites;
  return {
    'links.check': async ({ url, text }) => {
      // Its tables are large, and a start needs none of them.
      const { checkLink } = await import('./check.ts');
      return checkLink(url, text, { contactSites: contactSites(o.db), trusted: trusted() });
    },
    'links.trust': async ({ owner, trusted: wanted }) => {
      const others = trusted().filter((site) => site !== owner);
      await o.settings.handlers['settings.set']({ trustedSites: wanted ? [...others, owner] : others });
    },
  };
}
