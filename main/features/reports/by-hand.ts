import type { IncidentRow } from '../../store/index.ts';
import type { Evidence } from './evidence.ts';
import { reportText } from './report-text.ts';
import { fill } from './texts.ts';

/** Characters of a mailto: address; mail programs take little more. */
const MAIL_MAX = 1_800;

/** Whom to tell by hand: mail with the text filled in, and web pages. */
export const byHand = (incident: IncidentRow, evidence: Evidence): string[] =>
  incident.contacts.flatMap((contact) => {
    if (contact.startsWith('https:')) return [contact];
    return contact.startsWith('mailto:') ? [mail(contact, incident, evidence)] : [];
  });

function mail(contact: string, incident: IncidentRow, evidence: Evidence): string {
  const subject = fill('Report about {who}', { who: evidence.report.about });
  let text = reportText(evidence, incident.sha256, { quotes: 3, quoteLength: 200 });
  const whole = () => `${contact}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
  // Cut by characters, not by halves of them, until it fits.
  while (whole().length > MAIL_MAX && text.length > 0) text = Array.from(text).slice(0, -50).join('');
  return whole();
}
