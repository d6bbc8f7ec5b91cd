import type { Evidence, MessageEvidence } from './evidence.ts';
import { fill, reasonWords } from './texts.ts';

const cut = (text: string, length: number): string => {
  const signs = Array.from(text.replace(/\s+/g, ' ').trim());
  return signs.length > length ? `${signs.slice(0, length).join('')}…` : signs.join('');
};

const quote = (m: MessageEvidence, length: number): string => {
  const files = m.files.length === 0 ? '' : ` [${m.files.length} file${m.files.length === 1 ? '' : 's'}]`;
  return `> ${m.sent.time} ${m.from}: ${cut(m.text, length)}${files}`;
};

/** What somebody who looks after a server reads, in whatever program. */
export function reportText(
  e: Evidence,
  sha256: string,
  o: { quotes: number; quoteLength: number } = { quotes: 5, quoteLength: 500 },
): string {
  const about = e.messages.filter((m) => m.part === 'reported');
  const theirs = e.messages.filter((m) => m.from === e.report.about);
  const quoted = (about.length > 0 ? about : theirs).slice(-o.quotes);
  return [
    fill('Report about {who}: {reason}', { who: e.report.about, reason: reasonWords[e.report.reason] }),
    ...(e.report.details === '' ? [] : [cut(e.report.details, 1_000)]),
    ...quoted.map((m) => quote(m, o.quoteLength)),
    ...quoted.flatMap((m) => (m.ids.stanza === null ? [] : [`Archive id: ${m.ids.stanza}`])),
    `Made ${e.report.made.time} (${e.report.made.zone}) by ${e.account.address}.`,
    `The evidence is kept by the reporter. Fingerprint (SHA-256): ${sha256}`,
  ].join('\n');
}
