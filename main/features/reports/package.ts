import { createHash } from 'node:crypto';
import type { Media } from '../../media/index.ts';
import {
  incidentContent,
  incidentFiles,
  incidentNotes,
  type IncidentFile,
  type IncidentRow,
  type ReadableDb,
} from '../../store/index.ts';
import { notesPage } from './notes-page.ts';
import { canonicalJson, sha256Of } from './canonical.ts';
import type { Evidence } from './evidence.ts';
import { measure } from './kept-files.ts';
import { readNote } from './manifest.ts';
import { reportPage } from './page.ts';
import { zipped, type ZipEntry } from '../zip.ts';
import { localZone, zonedTime } from './zoned-time.ts';

/** Files of a report that are as they were, and those that are lost or damaged since. */
export async function presentFiles(
  db: ReadableDb,
  media: Media,
  id: number,
): Promise<{ here: IncidentFile[]; lost: IncidentFile[] }> {
  const here: IncidentFile[] = [];
  const lost: IncidentFile[] = [];
  for (const file of incidentFiles(db, id)) {
    const now = await measure(media, file.sha256);
    (now?.sha256 === file.sha256 ? here : lost).push(file);
  }
  return { here, lost };
}

/** The whole report as one ZIP, as it is this moment, with its notes. */
export async function packageReport(
  db: ReadableDb,
  media: Media,
  incident: IncidentRow,
): Promise<AsyncGenerator<Uint8Array>> {
  const { manifest, evidence, page } = incidentContent(db, incident.id);
  const notes = incidentNotes(db, incident.id);
  const { here, lost } = await presentFiles(db, media, incident.id);
  // Written by `seal` alone.
  const parsed = JSON.parse(evidence) as Evidence;
  const beside = notesPage({
    evidence: parsed,
    sha256: incident.sha256,
    notes: notes.map(readNote),
    lost: lost.map(({ name }) => name),
  });
  const texts: [string, string][] = [
    ['index.html', page ?? reportPage(parsed)],
    ['incident.json', evidence],
    ['manifest.json', manifest],
    ['notes.html', beside],
    ['notes.json', notesJson(incident, notes)],
  ];
  const sums = checksums(incident, texts, here, lost);
  return zipped([
    ...[...texts, ['checksums.json', sums] as const].map(([name, text]) => textEntry(name, text)),
    ...here.map((file) => fileEntry(media, file)),
  ]);
}

const notesJson = (incident: IncidentRow, notes: readonly { content: string; sha256: string }[]): string =>
  canonicalJson({
    format: 'urn:postcard:incident-notes:0',
    incident: incident.token,
    notes: notes.map((row) => ({ ...readNote(row) })),
  });

/** Every file of the export with its hash, and a hash over this list itself. */
function checksums(
  incident: IncidentRow,
  texts: readonly (readonly [string, string])[],
  here: readonly IncidentFile[],
  lost: readonly IncidentFile[],
): string {
  const list = {
    format: 'urn:postcard:incident-export:0',
    incident: incident.token,
    whole: incident.sha256,
    exported: { ...zonedTime(Date.now(), localZone()) },
    files: [
      ...texts.map(([name, text]) => ({ name, bytes: Buffer.byteLength(text), sha256: sha256Of(text) })),
      ...here.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    ],
    lost: lost.map(({ name }) => name),
  };
  return canonicalJson({ ...list, sha256: sha256Of(canonicalJson(list)) });
}

const textEntry = (name: string, text: string): ZipEntry => ({
  name,
  content: () => [new TextEncoder().encode(text)],
});

/** Hashed once more on its way out: what changes under our hands ends the export, and is never passed off. */
const fileEntry = (media: Media, file: IncidentFile): ZipEntry => ({
  name: file.name,
  content: async function* () {
    const hash = createHash('sha256');
    for await (const piece of media.store.open(file.sha256).stream) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest('hex') !== file.sha256) throw new Error(`${file.name} changed while it was exported`);
  },
});
