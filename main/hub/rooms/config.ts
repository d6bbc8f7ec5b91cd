import { buildForm } from '../forms.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import type { RoomConfig } from '../store/rooms.ts';
import type { XmlElement } from '../xml.ts';

/** Our own field: whether new members may read what was written before they joined. */
export const HISTORY_FIELD = 'urn:postcard:rooms:0#history';

const PREFIX = 'muc#roomconfig_';
const FLAGS = {
  [`${PREFIX}membersonly`]: 'membersOnly',
  [`${PREFIX}persistentroom`]: 'persistent',
  [`${PREFIX}publicroom`]: 'public',
  [`${PREFIX}moderatedroom`]: 'moderated',
  [`${PREFIX}allowinvites`]: 'allowInvites',
  [`${PREFIX}changesubject`]: 'changeSubject',
  [HISTORY_FIELD]: 'history',
} as const;

export function defaultConfig(): RoomConfig {
  return {
    name: '',
    description: '',
    membersOnly: true,
    persistent: true,
    public: false,
    moderated: true,
    allowInvites: true,
    changeSubject: false,
    history: false,
  };
}

/** The form an owner fills in (§10.2). */
export function configForm(config: RoomConfig): XmlElement {
  const flags = Object.entries(FLAGS).map(([name, key]) => ({
    name,
    type: 'boolean',
    values: [config[key] ? '1' : '0'],
  }));
  return buildForm(NS.mucRoomConfig, 'form', [
    { name: `${PREFIX}roomname`, type: 'text-single', values: [config.name] },
    { name: `${PREFIX}roomdesc`, type: 'text-single', values: [config.description] },
    ...flags,
    { name: `${PREFIX}whois`, type: 'list-single', values: ['anyone'], options: ['anyone'] },
    { name: `${PREFIX}enablearchiving`, type: 'boolean', values: ['1'] },
  ]);
}

/** The configuration with what a submitted form changes; unknown fields are left out. @throws StanzaError */
export function applyConfig(old: RoomConfig, form: Map<string, string[]>): RoomConfig {
  const type = form.get('FORM_TYPE')?.[0];
  if (form.size > 100 || (form.size > 0 && type !== NS.mucRoomConfig)) throw new StanzaError('bad-request');
  const config = { ...old };
  for (const [field, key] of Object.entries(FLAGS)) {
    const value = form.get(field)?.[0];
    if (value !== undefined) config[key] = readFlag(value);
  }
  config.name = readText(form.get(`${PREFIX}roomname`), old.name, 200);
  config.description = readText(form.get(`${PREFIX}roomdesc`), old.description, LIMITS.roomTextChars);
  refuseUnsupported(form);
  return config;
}

/** What would be promised and not kept: everybody sees who is there, and everything is archived. */
function refuseUnsupported(form: Map<string, string[]>): void {
  const given = (name: string): string | undefined => form.get(`${PREFIX}${name}`)?.[0];
  const whois = given('whois');
  const secret = given('passwordprotectedroom');
  const archive = given('enablearchiving');
  if (whois !== undefined && whois !== 'anyone') throw new StanzaError('not-acceptable');
  if (secret !== undefined && readFlag(secret)) throw new StanzaError('not-acceptable');
  if (archive !== undefined && !readFlag(archive)) throw new StanzaError('not-acceptable');
}

function readFlag(text: string): boolean {
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new StanzaError('not-acceptable');
}

function readText(values: string[] | undefined, old: string, most: number): string {
  if (!values) return old;
  const text = values
    .join('\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim();
  if (text.length > most) throw new StanzaError('not-acceptable', 'A text is too long');
  return text;
}
