import type { Socket } from 'node:net';
import { PostcardError } from '../../contract/errors.ts';
import { type XmlElement, XmlStream } from './xml-stream.ts';

const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
const FEATURES = 'features';

/**
 * Asks for TLS on a plain stream (RFC 6120 section 5). True: the server proceeds and the socket is ready for the
 * handshake; false: it does not offer TLS. Anything it sends in the clear after `<proceed/>` is an injection and
 * refused. Rejects with PostcardError `server-unreachable`.
 */
export function requestTls(socket: Socket, domain: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let proceeding = false;
    const stop = () => {
      socket.off('data', read);
      socket.off('close', closed);
      socket.off('error', failed);
      signal.removeEventListener('abort', closed);
    };
    const failed = (error: Error) => {
      stop();
      reject(error);
    };
    const closed = () => failed(new PostcardError('server-unreachable', { reason: 'starttls' }));
    const element = (stanza: XmlElement) => {
      if (proceeding) throw new PostcardError('connection-insecure', { reason: 'starttls' });
      if (stanza.getName() === FEATURES) {
        if (stanza.getChild('starttls', TLS)) return void socket.write(`<starttls xmlns='${TLS}'/>`);
        stop();
        return resolve(false);
      }
      if (stanza.getName() !== 'proceed' || stanza.getNamespace() !== TLS) return closed();
      proceeding = true;
    };
    const xml = new XmlStream(false, { onOpen: () => undefined, onElement: element, onClose: closed });
    const read = (chunk: Buffer) => {
      try {
        const text = chunk.toString('utf8');
        xml.write(text);
        if (!proceeding) return;
        if (!text.trimEnd().endsWith('>'))
          throw new PostcardError('connection-insecure', { reason: 'starttls' });
        stop();
        resolve(true);
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    };
    socket.on('data', read);
    socket.on('close', closed);
    socket.on('error', failed);
    signal.addEventListener('abort', closed, { once: true });
    socket.write(openStream(domain));
  });
}

/** The header of a client stream over TCP (RFC 6120 section 4.7). `domain` is a prepared XMPP domain. */
export function openStream(domain: string): string {
  const to = domain.replace(/[<>&'"]/g, '');
  return (
    `<?xml version='1.0'?><stream:stream to='${to}' version='1.0' xml:lang='en' ` +
    `xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`
  );
}
