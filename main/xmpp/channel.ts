import { PostcardError } from '../../contract/errors.ts';

/** Calls of a channel to whoever reads it. `onClosed` comes exactly once and is the last. */
export interface ChannelReader {
  onText(text: string): void;
  /** Null: closed by either side without an error of the connection itself. */
  onClosed(problem: PostcardError | null): void;
}

/** An open, verified byte pipe to the server that carries text. */
export interface Channel {
  /** TLS with a verified certificate. */
  readonly secure: boolean;
  /** RFC 7395 framing (WebSocket) instead of one long document (RFC 6120). */
  readonly framed: boolean;
  /** For the log: scheme, host and port. */
  readonly label: string;
  read(reader: ChannelReader): void;
  /** Never throws: what is written to a dead channel is dropped, stream management knows of it. */
  write(text: string): void;
  /** Nothing is read until `resume`; what has been read may still come. */
  pause(): void;
  resume(): void;
  /** Bytes handed over that the operating system has not taken yet. */
  unsent(): number;
  /** Ends it after what was written has left. */
  end(): void;
  /** Drops it at once. */
  destroy(): void;
}

/** How long one attempt (DNS, TCP, TLS, upgrade) may take, in ms. */
export const OPEN_TIMEOUT = 10_000;

/** Whether a host name or address can only be this machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(bare);
}

const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
]);

/** Whether a TLS error says that the certificate can't be trusted (as against the server not answering). */
export function isCertificateError(code: string): boolean {
  return certificateCodes.has(code) || code.startsWith('CERT_');
}

/** Node's connection errors as codes of the contract: `certificate-invalid` and so on, `host` in the detail. */
export function connectionProblem(error: unknown, host: string): PostcardError {
  if (error instanceof PostcardError) return error;
  const code = errorCode(error);
  if (isCertificateError(code)) {
    return new PostcardError('certificate-invalid', { host, reason: code }, { cause: error });
  }
  if (code === 'ENOTFOUND') return new PostcardError('server-not-found', { host }, { cause: error });
  return new PostcardError('server-unreachable', { host, reason: code || 'unknown' }, { cause: error });
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === 'string') return code;
  // Several addresses were tried (AggregateError): the first one's reason stands for all.
  return error instanceof AggregateError ? errorCode(error.errors[0]) : '';
}
