import { SaxesParser } from 'saxes';
import type { SaxesAttributeNS } from 'saxes';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';

export type XmlNode = XmlElement | string;

/** One element: local name, namespace, attributes by local name (`xml:lang` and `{uri}name` for foreign ones). */
export interface XmlElement {
  readonly name: string;
  readonly ns: string;
  readonly attrs: Record<string, string>;
  readonly children: XmlNode[];
}

/** A frame that may not be read; `condition` is the stream error to end the stream with (RFC 6120 §4.9.3). */
export class XmlError extends Error {
  readonly condition: 'not-well-formed' | 'restricted-xml' | 'policy-violation';
  constructor(condition: XmlError['condition'], message: string) {
    super(message);
    this.condition = condition;
  }
}

type Attributes = Record<string, string | number | undefined>;

/** Builds an element; attributes that are undefined are left out. */
export function el(name: string, ns: string, attrs: Attributes = {}, children: XmlNode[] = []): XmlElement {
  const kept = emptyAttributes();
  for (const [key, value] of Object.entries(attrs)) if (value !== undefined) kept[key] = String(value);
  return { name, ns, attrs: kept, children };
}

/** Builds an element that holds nothing but text. */
export function textEl(name: string, ns: string, text: string, attrs: Attributes = {}): XmlElement {
  return el(name, ns, attrs, [text]);
}

/** A copy with other attributes; undefined removes one. Children are shared. */
export function withAttrs(element: XmlElement, attrs: Attributes): XmlElement {
  return el(element.name, element.ns, { ...element.attrs, ...attrs }, element.children);
}

/** A copy with other children. */
export function withChildren(element: XmlElement, children: XmlNode[]): XmlElement {
  return { ...element, children };
}

/** The child elements, optionally of one name and namespace. */
export function elements(parent: XmlElement, name?: string, ns?: string): XmlElement[] {
  const found: XmlElement[] = [];
  for (const node of parent.children) {
    if (typeof node === 'string') continue;
    if ((name === undefined || node.name === name) && (ns === undefined || node.ns === ns)) found.push(node);
  }
  return found;
}

/** The first child element of that name (and namespace; the parent's when it is not given). */
export function child(parent: XmlElement, name: string, ns: string = parent.ns): XmlElement | undefined {
  return elements(parent, name, ns)[0];
}

/** The text directly inside an element. */
export function textOf(element: XmlElement | undefined): string {
  return element ? element.children.filter((node) => typeof node === 'string').join('') : '';
}

/** The text of a child, or undefined when there is no such child. */
export function childText(parent: XmlElement, name: string, ns: string = parent.ns): string | undefined {
  const found = child(parent, name, ns);
  return found && textOf(found);
}

/**
 * Reads exactly one element, as RFC 7395 §3.3 frames them.
 * No DTD, comment, processing instruction or entity beyond the five (RFC 6120 §11.1).
 * @throws XmlError
 */
export function parseXml(source: string): XmlElement {
  if (source.length > LIMITS.stanzaBytes) throw new XmlError('policy-violation', 'The frame is too large');
  const parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  const refuse = (what: string) => () => {
    throw new XmlError('restricted-xml', `${what} is not allowed`);
  };
  parser.on('doctype', refuse('A DTD'));
  parser.on('comment', refuse('A comment'));
  parser.on('processinginstruction', refuse('A processing instruction'));
  parser.on('error', (error) => {
    throw new XmlError('not-well-formed', error.message);
  });
  parser.on('opentag', (tag) => {
    if (open.length >= LIMITS.xmlDepth) throw new XmlError('policy-violation', 'The element is too deep');
    const element = { name: tag.local, ns: tag.uri, attrs: readAttributes(tag.attributes), children: [] };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
    open.push(element);
  });
  const addText = (text: string) => void open.at(-1)?.children.push(text);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(source).close();
  if (!root) throw new XmlError('not-well-formed', 'There is no element');
  return root;
}

function readAttributes(raw: Record<string, SaxesAttributeNS>): Record<string, string> {
  const attrs = emptyAttributes();
  for (const { prefix, local, uri, name, value } of Object.values(raw)) {
    if (prefix === 'xmlns' || name === 'xmlns') continue;
    attrs[prefix === '' ? local : prefix === 'xml' ? name : `{${uri}}${local}`] = value;
  }
  return attrs;
}

/** No prototype, so that an attribute called `__proto__` is only an attribute. */
function emptyAttributes(): Record<string, string> {
  return Object.create(null) as Record<string, string>; // Object.create is typed any
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escape = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c) : text;
// Line breaks in attributes would be read back as spaces (XML 1.0 §3.3.3).
const escapeAttribute = (text: string): string =>
  escape(text).replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Writes an element; `parentNs` is the default namespace it will be put into. */
export function serialize(element: XmlElement, parentNs = ''): string {
  const { name, ns, attrs, children } = element;
  // Some clients look for the literal name `stream:features` instead of reading namespaces.
  const prefixed = ns === NS.stream;
  const tag = prefixed ? `stream:${name}` : name;
  let out = `<${tag}`;
  if (prefixed) out += ` xmlns:stream="${NS.stream}"`;
  else if (ns !== parentNs) out += ` xmlns="${escapeAttribute(ns)}"`;
  let foreign = 0;
  for (const key in attrs) {
    const value = escapeAttribute(attrs[key] ?? '');
    const match = /^\{(.*)\}(.+)$/.exec(key);
    if (match)
      out += ` xmlns:a${foreign}="${escapeAttribute(match[1] ?? '')}" a${foreign++}:${match[2]}="${value}"`;
    else out += ` ${key}="${value}"`;
  }
  if (children.length === 0) return `${out}/>`;
  const inner = prefixed ? parentNs : ns;
  let body = '';
  for (const node of children) {
    body += typeof node === 'string' ? escape(node).replace(/\r/g, '&#13;') : serialize(node, inner);
  }
  return `${out}>${body}</${tag}>`;
}
