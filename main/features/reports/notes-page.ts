import type { Evidence } from './evidence.ts';
import type { NoteContent } from './manifest.ts';
import { escaped, rows, section, time, titleOf, whole } from './page.ts';
import { pageWords as w } from './texts.ts';

/** The page beside the report's: what came later, and what no page can say of itself. */
export function notesPage(o: {
  readonly evidence: Evidence;
  /** Of the whole. */
  readonly sha256: string;
  readonly notes: readonly (NoteContent & { readonly sha256: string })[];
  /** Names of files that were lost since. */
  readonly lost: readonly string[];
}): string {
  const lost = o.lost.map((name) => `<li><code>${escaped(name)}</code></li>`).join('');
  return whole(
    titleOf(o.evidence),
    [
      rows([[w.fingerprint, `<code>${escaped(o.sha256)}</code>`]]),
      `<p><a href="index.html">${w.toReport}</a></p>`,
      section('notes', w.notes, o.notes.length === 0 ? `<p>${w.noNotes}</p>` : notes(o.notes)),
      ...(lost === '' ? [] : [section('lost', w.lostFiles, `<p>${w.lost}</p><ul>${lost}</ul>`)]),
    ].join('\n'),
  );
}

const notes = (all: readonly (NoteContent & { sha256: string })[]): string =>
  `<p>${w.notesUnsealed}</p><ol>${all.map(note).join('\n')}</ol>`;

const note = (n: NoteContent & { sha256: string }): string =>
  `<li><article><header><strong>${n.number}.</strong> ${time(n)}</header>
<p class="text" dir="auto">${escaped(n.text)}</p>
<footer>SHA-256: <code>${escaped(n.sha256)}</code></footer></article></li>`;
