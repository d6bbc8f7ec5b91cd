// XEP-0077: In-Band Registration, version 2.4; XEP-0158: CAPTCHA Forms, version 1.0; XEP-0221, XEP-0231
import { JXT } from 'stanza';
import type { RegistrationForm } from '../../../contract/accounts.ts';

type Field = RegistrationForm['fields'][number];

interface FormField {
  name?: string;
  type?: string;
  label?: string;
  required?: boolean;
  value?: unknown;
  media?: { sources?: { uri?: string; mediaType?: string }[] };
}

/** What a server answers when asked what it wants to know. */
export interface RegistrationQuery {
  readonly account: {
    readonly instructions?: string;
    readonly registrationLink?: { url?: string };
    readonly bits?: Bits[];
    readonly form?: { type?: string; instructions?: string[]; fields?: FormField[] };
  } & Readonly<Record<string, unknown>>;
  /** A picture sent along beside the question (XEP-0231). */
  readonly bits: Bits | undefined;
}

interface Bits {
  cid?: string;
  data?: Uint8Array;
  mediaType?: string;
}

/** ejabberd sends a captcha's picture inside of the question, where the library does not look for it. */
export const registrationDefinitions = JXT.addAlias('urn:xmpp:bob', 'data', [
  { path: 'iq.account.bits', multiple: true },
]);

/** Fields that the app fills in by itself. */
const own = new Set(['username', 'password', 'FORM_TYPE']);
/** The fixed fields of section 14.1, as the library names them, with words for the person. */
const legacy = new Map([
  ['email', 'Email'],
  ['nick', 'Nickname'],
  ['fullName', 'Name'],
  ['givenName', 'First name'],
  ['familyName', 'Last name'],
  ['phone', 'Phone'],
  ['uri', 'Website'],
]);
const MAX_PICTURE = 256 * 1024;

/** The form that a person has to fill in, or null where name and password are all it takes. */
export function readForm(query: RegistrationQuery): RegistrationForm | null {
  const { account } = query;
  const fields = account.form ? formFields(query) : legacyFields(account);
  const url = webLink(account.registrationLink?.url);
  const asks = fields.some((field) => field.kind !== 'hidden' && field.kind !== 'fixed');
  if (!asks && url === null) return null;
  if (!asks && account.form === undefined && 'username' in account) return null;
  const instructions = account.form?.instructions?.join('\n') || account.instructions || '';
  return { instructions: instructions.slice(0, 2000), url, fields };
}

function webLink(url: string | undefined): string | null {
  return url !== undefined && /^https:\/\//.test(url) && URL.canParse(url) ? url : null;
}

function legacyFields(account: RegistrationQuery['account']): Field[] {
  return [...legacy].flatMap(([name, label]) =>
    name in account ? [{ name, label, kind: 'text' as const, required: true, value: '', picture: null }] : [],
  );
}

function formFields(query: RegistrationQuery): Field[] {
  const fields = query.account.form?.fields ?? [];
  const pictures = [...(query.account.bits ?? []), ...(query.bits ? [query.bits] : [])];
  const plain = (value: unknown) => (typeof value === 'string' ? value : value === true ? 'true' : '');
  return fields.slice(0, 50).flatMap((field): Field[] => {
    const name = field.name ?? '';
    if (own.has(name) || (name === '' && field.type !== 'fixed')) return [];
    return [
      {
        name,
        label: (field.label ?? name).slice(0, 300),
        kind: kindOf(field.type),
        required: field.required ?? false,
        value: plain(field.value),
        picture: pictureOf(field, pictures),
      },
    ];
  });
}

function kindOf(type: string | undefined): Field['kind'] {
  if (type === 'hidden' || type === 'fixed') return type;
  return type === 'text-private' ? 'password' : 'text';
}

function pictureOf(field: FormField, pictures: readonly Bits[]): string | null {
  const uris = (field.media?.sources ?? []).map((source) => source.uri);
  const found = pictures.find(({ cid }) => cid !== undefined && uris.includes(`cid:${cid}`));
  if (found?.data === undefined) return null;
  const type = found.mediaType ?? 'image/png';
  if (!/^image\/(png|jpeg|gif|webp)$/.test(type) || found.data.length > MAX_PICTURE) return null;
  return `data:${type};base64,${Buffer.from(found.data).toString('base64')}`;
}

/** What is sent back: a data form where one was offered, else the fixed fields. */
export function answerForm(
  query: RegistrationQuery,
  username: string,
  password: string,
  answers: Readonly<Record<string, string>>,
): object {
  const fields = query.account.form?.fields;
  if (fields === undefined) {
    const extra = Object.entries(answers).filter(([name]) => legacy.has(name) && name in query.account);
    return { username, password, ...Object.fromEntries(extra) };
  }
  const values: Record<string, unknown> = { ...answers, username, password };
  const filled = fields.flatMap((field) => {
    if (!field.name || field.type === 'fixed') return [];
    // Hidden ones (the challenge of a captcha) go back as they came.
    const value = field.type === 'hidden' ? field.value : (values[field.name] ?? field.value);
    return value === undefined
      ? []
      : [{ name: field.name, value, ...(field.type ? { type: field.type } : {}) }];
  });
  return { form: { type: 'submit', fields: filled } };
}
