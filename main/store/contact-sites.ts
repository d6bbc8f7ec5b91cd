import type { ReadableDb } from './db.ts';
import { rows } from './sql.ts';

/** Hosts of the sites that people in my roster give in their profiles. */
export const contactSites = (db: ReadableDb): string[] =>
  rows<{ link: string }>(db, `SELECT link FROM person WHERE in_roster = 1 AND link <> ''`)
    .filter(({ link }) => URL.canParse(link))
    .map(({ link }) => new URL(link).hostname);
