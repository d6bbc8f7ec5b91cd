import type { ReadableDb } from './db.ts';
import { rows } from './sql.ts';

/** Hosts of the sites that people I let in give in their profiles. Whoever only follows me has no say in this. */
export const contactSites = (db: ReadableDb): string[] =>
  rows<{ link: string }>(
    db,
    `SELECT link FROM person WHERE (accepted = 1 OR subscription IN ('to', 'both')) AND link <> ''`,
  )
    .filter(({ link }) => URL.canParse(link))
    .map(({ link }) => new URL(link).hostname);
