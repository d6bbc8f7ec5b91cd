/** XEP-0055 Jabber Search, version 1.3, with a data form; open to every account. */
import { buildField, buildForm, readForm } from '../forms.ts';
import { SEARCH_DOMAIN, bareOfUser } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { listPeople } from '../store/profiles.ts';
import { el, textEl } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { FormField } from '../forms.ts';
import type { Person } from '../store/profiles.ts';
import type { XmlElement } from '../xml.ts';

const FIELDS: readonly (FormField & { name: keyof Person })[] = [
  { name: 'user', type: 'text-single', label: 'User' },
  { name: 'fn', type: 'text-single', label: 'Full name' },
  { name: 'nick', type: 'text-single', label: 'Nickname' },
  { name: 'interests', type: 'text-single', label: 'Interest' },
];

function form(): XmlElement {
  const instructions = 'Part of a name is enough; * stands for anything.';
  return el('query', NS.search, {}, [
    textEl('instructions', NS.search, instructions),
    buildForm(NS.search, 'form', [...FIELDS]),
  ]);
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether text matches what was typed: `*` is a wildcard, without one any part of the text will do. */
export function matchesPattern(text: string, typed: string): boolean {
  const pattern = fold(typed.trim());
  const folded = fold(text);
  if (!pattern.includes('*')) return folded.includes(pattern);
  // By hand instead of a regular expression, which somebody could make take forever.
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!folded.startsWith(first) || !folded.endsWith(last) || folded.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = folded.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= folded.length - last.length;
}

/** Each interest stands for itself. */
const matches = (person: Person, field: keyof Person, typed: string): boolean =>
  field === 'interests'
    ? person.interests.split('\n').some((interest) => interest !== '' && matchesPattern(interest, typed))
    : matchesPattern(person[field], typed);

function search({ core, payload }: IqRequest): XmlElement {
  const values = readForm(payload);
  if (!values) throw new StanzaError('bad-request', 'A form is needed');
  const wanted = FIELDS.flatMap(({ name }) => {
    const typed = values.get(name)?.[0]?.trim().slice(0, 256) ?? '';
    return typed ? [{ name, typed }] : [];
  });
  if (wanted.length === 0) throw new StanzaError('not-acceptable', 'At least one field is needed');
  const found: Person[] = [];
  for (const person of listPeople(core.db)) {
    if (!wanted.every(({ name, typed }) => matches(person, name, typed))) continue;
    found.push(person);
    if (found.length >= LIMITS.searchResults) break;
  }
  return results(found);
}

function results(people: Person[]): XmlElement {
  const columns: FormField[] = [{ name: 'jid', type: 'jid-single', label: 'Address' }, ...FIELDS];
  const reported = el('reported', NS.dataForms, {}, columns.map(buildField));
  const items = people.map((person) => {
    const all = { jid: bareOfUser(person.user), ...person };
    const fields = Object.entries(all).map(([name, value]) => buildField({ name, values: [value] }));
    return el('item', NS.dataForms, {}, fields);
  });
  const result = buildForm(NS.search, 'result', []);
  return el('query', NS.search, {}, [{ ...result, children: [...result.children, reported, ...items] }]);
}

export const directory: HubModule = {
  name: `xep-0055-search (${SEARCH_DOMAIN})`,
  iq: [
    { at: 'search', type: 'get', ns: NS.search, name: 'query', handle: form },
    { at: 'search', type: 'set', ns: NS.search, name: 'query', handle: search },
  ],
};
