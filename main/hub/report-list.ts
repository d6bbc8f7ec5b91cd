import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { NS } from './namespaces.ts';
import { listReports } from './store/safety.ts';
import { child, childText, parseXml } from './xml.ts';
import type { Report } from './store/safety.ts';

/** A report as one line of JSON: for reading, and for programs. */
export interface QueuedReport {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly reporter: string;
  readonly about: string;
  readonly reason: string;
  readonly text: string;
  /** SHA-256 of the whole; null in reports of other apps. */
  readonly sha256: string | null;
  /** The evidence as the reporter's app keeps it; null where it was too large, or there was none. */
  readonly evidence: unknown;
}

/** The queue of the hub of this home, oldest first, also while the hub runs. `home`: absolute. */
export function queuedReports(home: string): QueuedReport[] {
  const file = join(home, 'hub', 'hub.sqlite');
  if (!existsSync(file)) return [];
  const db = new Database(file, { readonly: true });
  try {
    return listReports(db).map(readable);
  } finally {
    db.close();
  }
}

/**
 * One line of JSON that can be put on a terminal. What steers one (C1 control characters) or turns the direction of a
 * line is from whoever reports or was reported: it stands there as its number, which JSON reads as the same.
 */
export const lineOf = (report: QueuedReport): string =>
  JSON.stringify(report).replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (sign) =>
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );

function readable({ at, reporter, culprit, reason, xml }: Report & { at: number }): QueuedReport {
  const kept = parseXml(xml);
  const incident = child(kept, 'incident', NS.incident);
  const evidence = incident && childText(incident, 'evidence');
  return {
    at: new Date(at).toISOString(),
    reporter,
    about: culprit,
    reason,
    // A report inside of a block has its text itself; one that came as a message has a body.
    text: childText(kept, 'body', NS.client) ?? childText(kept, 'text') ?? '',
    sha256: incident?.attrs.sha256 ?? null,
    evidence: evidence === undefined ? null : parsed(evidence),
  };
}

/** The evidence is what somebody sent: JSON, or a text that claims to be. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
