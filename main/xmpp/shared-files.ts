import type { Message } from 'stanza/protocol/index.js';
import { isLoopbackHost } from './channel.ts';
import { type FileSharing, SFS } from './modules/xep-0447-file-sharing.ts';
import { FORWARD } from './modules/postcard-forward.ts';
import { positionWithout, withoutFallback } from './modules/xep-0428-fallback.ts';
import { REACTIONS } from './modules/xep-0444-reactions.ts';
import { REPLIES } from './modules/xep-0461-replies.ts';
import type { SharedFile } from './types.ts';

/** Characters of a data: URL that are taken: 8 kB. */
const MAX_THUMBNAIL = 8 * 1024;
const MAX_FILES = 32;
/** ms: a week. */
const LONGEST = 7 * 86_400_000;
const OOB = 'jabber:x:oob';
const understood = new Set([SFS, OOB, REPLIES, REACTIONS, FORWARD]);
/** By ending, for what comes as a link alone. */
const typesByEnding = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['avif', 'image/avif'],
  ['mp4', 'video/mp4'],
  ['m4v', 'video/mp4'],
  ['mov', 'video/quicktime'],
  ['webm', 'video/webm'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['ogg', 'audio/ogg'],
  ['oga', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
]);

/**
 * The files of a message in all forms that apps use, and the text that is left: XEP-0447 with metadata, XEP-0066,
 * or a body that is nothing but the address of a picture.
 */
export function readContent(message: Message): { body: string | null; files: SharedFile[] } {
  const body = readBody(message);
  const shared = (message.fileSharing ?? []).flatMap(fromSharing);
  const links = (message.links ?? []).flatMap((link) => fromLink(link.url, link.description));
  const bare = shared.length === 0 && links.length === 0 && body !== null ? fromBody(body) : [];
  const files = [...new Map([...bare, ...links, ...shared].map((file) => [file.url, file])).values()];
  return { body: repeats(body, files) ? null : body, files: files.slice(0, MAX_FILES) };
}

function readBody(message: Message): string | null {
  if (typeof message.body !== 'string' || message.body === '') return null;
  return withoutFallback(message.body, message.fallbacks ?? [], understood);
}

/** Where a code point of the body on the wire stands in the text that `readContent` gives; null: nowhere. */
export const pointOf = (message: Message, point: number): number | null =>
  positionWithout(message.body ?? '', message.fallbacks ?? [], understood, point);

function repeats(body: string | null, files: readonly SharedFile[]): boolean {
  const text = body?.trim();
  return (
    text === undefined || text === '' || files.some((file) => file.url === text || file.url === href(text))
  );
}

function href(text: string): string | null {
  return URL.canParse(text) ? new URL(text).href : null;
}

/** An address that files are fetched from: https, or http on this machine. */
export function isFileUrl(text: string): boolean {
  if (text.length > 4096 || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

function fromSharing(file: FileSharing): SharedFile[] {
  const url = file.urls.find(isFileUrl);
  if (url === undefined) return [];
  const named = cleanName(file.name ?? null) ?? nameOf(url);
  return [
    {
      url,
      name: named,
      mediaType: cleanType(file.mediaType) ?? typeOf(named),
      bytes: file.size ?? null,
      width: pixels(file.width),
      height: pixels(file.height),
      sha256: hexHash(file.sha256),
      thumbhash: thumbhash(file),
      thumbnail: thumbnail(file),
      caption: file.description?.trim() || null,
      durationMs: file.length !== undefined && file.length <= LONGEST ? file.length : null,
      waveform: waveform(file.waveform),
      ...(file.title === undefined ? {} : { title: file.title.trim() }),
    },
  ];
}

function fromLink(url: string | undefined, description: string | undefined): SharedFile[] {
  if (url === undefined || !isFileUrl(url)) return [];
  return [plain(url, description?.trim() || null)];
}

/** XEP-0363 section 11: an image link alone in the body is how older apps send pictures. */
function fromBody(body: string): SharedFile[] {
  const text = body.trim();
  if (/\s/.test(text) || !isFileUrl(text)) return [];
  return typeOf(nameOf(text)) === null ? [] : [plain(text, null)];
}

function plain(url: string, caption: string | null): SharedFile {
  const name = nameOf(url);
  const nothing = { bytes: null, width: null, height: null, sha256: null, thumbhash: null, thumbnail: null };
  return { url, name, mediaType: typeOf(name), ...nothing, caption };
}

function nameOf(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return cleanName(decodeURIComponent(last));
  } catch {
    // A lone % is allowed in a path: the name is taken as it stands.
    return cleanName(last);
  }
}

/** A file name without path, control characters, bidi overrides and leading dots; null if nothing is left. */
export function cleanName(name: string | null): string | null {
  if (name === null) return null;
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const clean = last
    // eslint-disable-next-line no-control-regex -- removing control characters is the point
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return clean === '' ? null : shorten(clean);
}

/** At most 120 characters, the ending kept. */
function shorten(name: string): string {
  const points = [...name];
  if (points.length <= 120) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 10 ? name.slice(dot) : '';
  return points.slice(0, 120 - ending.length).join('') + ending;
}

function typeOf(name: string | null): string | null {
  const dot = name?.lastIndexOf('.') ?? -1;
  return name === null || dot < 0 ? null : (typesByEnding.get(name.slice(dot + 1).toLowerCase()) ?? null);
}

function cleanType(type: string | undefined): string | null {
  const text = type?.trim().toLowerCase() ?? '';
  return /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/.test(text) ? text : null;
}

/** Up to 64 levels of a byte each; '' where it is a voice note and they are nonsense. */
function waveform(claimed: string | undefined): string | null {
  if (claimed === undefined) return null;
  return /^[A-Za-z0-9+/]{0,88}={0,2}$/.test(claimed) ? claimed : '';
}

function pixels(value: number | undefined): number | null {
  return value !== undefined && value > 0 && value <= 1_000_000 ? value : null;
}

function hexHash(base64: string | undefined): string | null {
  const bytes = Buffer.from(base64 ?? '', 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : null;
}

function thumbhash(file: FileSharing): string | null {
  for (const { uri } of file.thumbnails) {
    const found = /^data:image\/thumbhash(?:;base64)?,([A-Za-z0-9+/_%=-]{4,100})$/.exec(uri);
    if (found?.[1] === undefined) continue;
    const bytes = Buffer.from(
      found[1].replaceAll('%3D', '=').replaceAll('%2B', '+').replaceAll('%2F', '/'),
      'base64',
    );
    if (bytes.length >= 5 && bytes.length <= 40) return bytes.toString('base64');
  }
  return null;
}

function thumbnail(file: FileSharing): string | null {
  const safe = /^data:image\/(?:jpeg|png|webp);base64,[A-Za-z0-9+/]+={0,2}$/;
  return file.thumbnails.find(({ uri }) => uri.length <= MAX_THUMBNAIL && safe.test(uri))?.uri ?? null;
}

/** The other way round: a file as it goes out. */
export function toSharing(file: SharedFile): FileSharing {
  const thumbnails = [];
  if (file.thumbhash !== null) {
    thumbnails.push({ uri: `data:image/thumbhash;base64,${file.thumbhash}`, mediaType: 'image/thumbhash' });
  }
  if (file.thumbnail !== null) {
    thumbnails.push({ uri: file.thumbnail, mediaType: file.thumbnail.slice(5, file.thumbnail.indexOf(';')) });
  }
  return {
    urls: [file.url],
    name: file.name ?? undefined,
    mediaType: file.mediaType ?? undefined,
    size: file.bytes ?? undefined,
    width: file.width ?? undefined,
    height: file.height ?? undefined,
    length: file.durationMs ?? undefined,
    waveform: file.waveform ?? undefined,
    description: file.caption ?? undefined,
    title: file.title,
    sha256: file.sha256 === null ? undefined : Buffer.from(file.sha256, 'hex').toString('base64'),
    thumbnails,
  };
}
