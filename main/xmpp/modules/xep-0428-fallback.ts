// XEP-0428: Fallback Indication, version 0.2.1
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

const NS = 'urn:xmpp:fallback:0';

/** A part of the body that stands in for something else of the message. */
export interface Fallback {
  readonly for: string;
  /** Code points (XEP-0426); null: the whole body. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    fallbacks?: Fallback[];
  }
}

function parse(message: XmlElement): Fallback[] | undefined {
  const found = message.getChildren('fallback', NS).map((element) => ({
    for: element.getAttribute('for') ?? '',
    range: range(element.getChild('body')),
  }));
  return found.length > 0 ? found : undefined;
}

function range(body: XmlElement | undefined): Fallback['range'] {
  const start = Number(body?.getAttribute('start') ?? Number.NaN);
  const end = Number(body?.getAttribute('end') ?? Number.NaN);
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start
    ? { start, end }
    : null;
}

function build(message: XmlElement, fallbacks: readonly Fallback[]): void {
  for (const fallback of fallbacks) {
    const element = new JXT.XMLElement('fallback', { xmlns: NS, for: fallback.for });
    const span = fallback.range;
    element.appendChild(
      new JXT.XMLElement('body', span === null ? {} : { start: `${span.start}`, end: `${span.end}` }),
    );
    message.appendChild(element);
  }
}

/**
 * The body without the fallbacks for these namespaces, null if nothing is left. Section 3: only somebody who
 * supports what it stands for may leave it out.
 */
export function withoutFallback(
  body: string,
  fallbacks: readonly Fallback[],
  understood: ReadonlySet<string>,
): string | null {
  const drop = fallbacks.filter((fallback) => understood.has(fallback.for));
  if (drop.length === 0) return body;
  if (drop.some((fallback) => fallback.range === null)) return null;
  const points = [...body].map((char, index) =>
    drop.some(({ range: span }) => span !== null && index >= span.start && index < span.end) ? '' : char,
  );
  return points.join('').trim() || null;
}

/**
 * Where a code point of the body stands in what `withoutFallback` leaves of it; null when it is not there any more.
 */
export function positionWithout(
  body: string,
  fallbacks: readonly Fallback[],
  understood: ReadonlySet<string>,
  point: number,
): number | null {
  const drop = fallbacks.filter((one) => understood.has(one.for));
  if (drop.length === 0) return point;
  const isOut = (at: number) =>
    drop.some(({ range: span }) => span === null || (at >= span.start && at < span.end));
  if (isOut(point)) return null;
  const points = [...body];
  const before = points.slice(0, point).filter((_, at) => !isOut(at));
  const kept = points.filter((_, at) => !isOut(at)).join('');
  const position = before.length - ([...kept].length - [...kept.trimStart()].length);
  return position < 0 ? null : position;
}

export const fallback = JXT.extendMessage({ fallbacks: { importer: parse, exporter: build } });
