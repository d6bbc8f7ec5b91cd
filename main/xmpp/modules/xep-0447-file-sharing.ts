// XEP-0447: Stateless file sharing, version 0.3; XEP-0446: File metadata element, version 0.2;
// XEP-0300: Hashes, version 1.0; XEP-0264: Jingle content thumbnails, version 0.4
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

export const SFS = 'urn:xmpp:sfs:0';
const METADATA = 'urn:xmpp:file:metadata:0';
const HASHES = 'urn:xmpp:hashes:2';
const THUMBS = 'urn:xmpp:thumbs:1';
/** Our own, inside the metadata: it is a voice note, with its levels. */
const VOICE = 'urn:postcard:voice:0';
const URL_DATA = 'http://jabber.org/protocol/url-data';

/** A shared file as it stands on the wire: nothing is checked yet. */
export interface FileSharing {
  readonly urls: readonly string[];
  readonly name?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly size?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** ms. */
  readonly length?: number | undefined;
  /** Base64; '' when it is a voice note that tells none. */
  readonly waveform?: string | undefined;
  readonly description?: string | undefined;
  /** A second description, in a language: what a sticker shows, in words. */
  readonly title?: string | undefined;
  /** Base64 (XEP-0300). */
  readonly sha256?: string | undefined;
  /** URIs of thumbnails; a ThumbHash is `data:image/thumbhash;base64,…`, as several clients have it. */
  readonly thumbnails: readonly { readonly uri: string; readonly mediaType: string }[];
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    fileSharing?: FileSharing[];
  }
}

function parse(message: XmlElement): FileSharing[] | undefined {
  const found = message.getChildren('file-sharing', SFS).map(parseOne);
  return found.length > 0 ? found.slice(0, 32) : undefined;
}

function parseOne(element: XmlElement): FileSharing {
  const file = element.getChild('file', METADATA);
  const text = (name: string) => file?.getChild(name)?.getText() || undefined;
  // Version 0.1 of XEP-0446 had `<dimensions>640x480</dimensions>`.
  const [across, down] = text('dimensions')?.split('x') ?? [];
  const descriptions = (file?.getChildren('desc') ?? []).slice(0, 8).flatMap((child) => {
    const found = child.getText();
    return found === '' ? [] : [{ lang: child.getAttribute('xml:lang') ?? '', text: found }];
  });
  const hash = file?.getChildren('hash', HASHES).find((child) => child.getAttribute('algo') === 'sha-256');
  return {
    urls: (element.getChild('sources')?.getChildren('url-data', URL_DATA) ?? []).flatMap((source) => {
      return source.getAttribute('target') ?? [];
    }),
    name: text('name'),
    mediaType: text('media-type'),
    size: whole(text('size')),
    width: whole(text('width') ?? across),
    height: whole(text('height') ?? down),
    length: whole(text('length')),
    waveform: file?.getChild('voice', VOICE)?.getAttribute('waveform'),
    description: descriptions.find(({ lang }) => lang === '')?.text ?? descriptions[0]?.text,
    title: descriptions.find(({ lang }) => lang !== '')?.text,
    sha256: hash?.getText() || undefined,
    thumbnails: (file?.getChildren('thumbnail', THUMBS) ?? []).slice(0, 8).map((thumbnail) => ({
      uri: thumbnail.getAttribute('uri') ?? '',
      mediaType: thumbnail.getAttribute('media-type') ?? '',
    })),
  };
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function build(message: XmlElement, files: readonly FileSharing[]): void {
  for (const file of files) {
    const element = new JXT.XMLElement('file-sharing', { xmlns: SFS, disposition: 'inline' });
    element.appendChild(buildMetadata(file));
    const sources = new JXT.XMLElement('sources');
    for (const url of file.urls) {
      sources.appendChild(new JXT.XMLElement('url-data', { xmlns: URL_DATA, target: url }));
    }
    element.appendChild(sources);
    message.appendChild(element);
  }
}

function buildMetadata(file: FileSharing): XmlElement {
  const metadata = new JXT.XMLElement('file', { xmlns: METADATA });
  const add = (name: string, value: string | number | undefined, attributes = {}) => {
    if (value === undefined) return;
    const child = new JXT.XMLElement(name, attributes);
    if (value !== '') child.appendChild(String(value));
    metadata.appendChild(child);
  };
  add('media-type', file.mediaType);
  add('name', file.name);
  add('size', file.size);
  add('width', file.width);
  add('height', file.height);
  add('length', file.length);
  add('desc', file.description);
  // No language is known, and only one description may be without any (XEP-0446).
  add('desc', file.title, { 'xml:lang': 'und' });
  add('hash', file.sha256, { xmlns: HASHES, algo: 'sha-256' });
  if (file.waveform !== undefined) add('voice', '', { xmlns: VOICE, waveform: file.waveform });
  for (const { uri, mediaType } of file.thumbnails)
    add('thumbnail', '', { xmlns: THUMBS, uri, 'media-type': mediaType });
  return metadata;
}

export const fileSharing = JXT.extendMessage({ fileSharing: { importer: parse, exporter: build } });
