import type { IncidentFile, IncidentNoteRow } from '../../store/index.ts';
import { canonicalJson, sha256Of } from './canonical.ts';
import type { Evidence } from './evidence.ts';
import { reportPage } from './page.ts';
import { zonedTime } from './zoned-time.ts';

/** What was kept: each part with its hash. The manifest's own hash stands for the whole. */
export interface Sealed {
  /** Canonical JSON of the evidence: `incident.json`, byte for byte. */
  readonly evidence: string;
  /** Canonical JSON: `manifest.json`, byte for byte. */
  readonly manifest: string;
  /** `index.html`, byte for byte. */
  readonly page: string;
  /** Of the manifest. */
  readonly sha256: string;
}

/** Writes down the hash of every part, once and for all. */
export function seal(e: Evidence, files: readonly IncidentFile[]): Sealed {
  const evidence = canonicalJson(e);
  const page = reportPage(e);
  const parts = [
    { part: 'report', sha256: sha256Of(canonicalJson(e.report)) },
    { part: 'account', sha256: sha256Of(canonicalJson(e.account)) },
    { part: 'profile', sha256: sha256Of(canonicalJson(e.profile)) },
    ...e.messages.map((m) => ({ part: `message ${m.number}`, sha256: sha256Of(canonicalJson(m)) })),
    { part: 'incident.json', bytes: Buffer.byteLength(evidence), sha256: sha256Of(evidence) },
    { part: 'index.html', bytes: Buffer.byteLength(page), sha256: sha256Of(page) },
    ...files.map((f) => ({ part: f.name, bytes: f.bytes, sha256: f.sha256 })),
  ];
  const manifest = canonicalJson({
    format: 'urn:postcard:incident-manifest:0',
    algorithm: 'SHA-256',
    incident: e.id,
    about: e.report.about,
    account: e.account.address,
    made: e.report.made,
    parts,
  });
  return { evidence, manifest, page, sha256: sha256Of(manifest) };
}

/** A note as it is kept; each holds the hash of the one before, the first one that of the whole. */
export type NoteContent = {
  readonly number: number;
  readonly time: string;
  readonly zone: string;
  readonly text: string;
  readonly previous: string;
};

export function makeNote(
  text: string,
  o: { before: readonly IncidentNoteRow[]; sha256: string; at: number; zone: string },
): IncidentNoteRow {
  const note: NoteContent = {
    number: o.before.length + 1,
    ...zonedTime(o.at, o.zone),
    text,
    previous: o.before.at(-1)?.sha256 ?? o.sha256,
  };
  const content = canonicalJson(note);
  return { content, sha256: sha256Of(content) };
}

/** Written by `makeNote` alone. */
export const readNote = (row: IncidentNoteRow): NoteContent & { readonly sha256: string } => ({
  ...(JSON.parse(row.content) as NoteContent),
  sha256: row.sha256,
});
