/** XEP-0198 Stream Management, version 1.6.3: acknowledgements and resumption. */
import { StreamError } from '../connection.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { findHandled } from '../store/streams.ts';
import { el } from '../xml.ts';
import type { Connection } from '../connection.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** Handles `<enable/>`, `<resume/>`, `<r/>` and `<a/>`. @throws StreamError */
export function handleStreamElement(connection: Connection, element: XmlElement): void {
  const { session } = connection;
  if (element.name === 'resume' && connection.user && !session) resume(connection, connection.user, element);
  else if (element.name === 'enable' && session && !session.stream) enable(connection, session, element);
  else if (element.name === 'enable' || element.name === 'resume') fail(connection, 'unexpected-request');
  else if (element.name === 'r' && session?.stream) {
    connection.send(el('a', NS.sm, { h: session.stream.handled }));
  } else if (element.name === 'a' && session?.stream) {
    acknowledge(session, readCount(element));
    connection.core.turn.flushLater(connection);
  } else throw new StreamError('unsupported-stanza-type');
}

function enable(connection: Connection, session: Session, element: XmlElement): void {
  const resumable = element.attrs.resume === 'true' || element.attrs.resume === '1';
  const stream = session.enableStream(resumable);
  connection.core.registerStream(session);
  const attrs = resumable ? { id: stream.id, resume: 'true', max: LIMITS.resumeSeconds } : {};
  connection.send(el('enabled', NS.sm, attrs));
}

function fail(connection: Connection, condition: string, h?: number): void {
  connection.send(el('failed', NS.sm, { h }, [el(condition, NS.stanzaErrors)]));
}

/** §5. The old connection is put out first, so that nothing it still brings can be handled twice. */
function resume(connection: Connection, user: string, element: XmlElement): void {
  const { core } = connection;
  const id = element.attrs.previd ?? '';
  const session = core.findStream(id);
  if (!session?.stream || session.user !== user) {
    // Even a refusal says how far the stream got, so that nothing has to be sent twice (§5, example 12).
    fail(connection, 'item-not-found', findHandled(core.db, id, user) ?? undefined);
    return;
  }
  const h = readCount(element);
  const old = session.link;
  session.link = null;
  old?.end('conflict');
  connection.bind(session);
  connection.send(el('resumed', NS.sm, { previd: id, h: session.stream.handled }));
  acknowledge(session, h);
  session.attach(connection);
}

function acknowledge(session: Session, h: number): void {
  if (!session.acknowledge(h)) throw new StreamError('undefined-condition');
}

function readCount(element: XmlElement): number {
  const { h } = element.attrs;
  if (h === undefined || !/^\d{1,10}$/.test(h)) throw new StreamError('invalid-xml');
  return Number(h) % 2 ** 32;
}
