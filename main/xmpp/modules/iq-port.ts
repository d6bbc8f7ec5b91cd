import type { IQ, ReceivedIQ } from 'stanza/protocol/index.js';

/** What a module needs of a connection to ask something. */
export interface IqPort {
  /** My bare address. */
  readonly own: string;
  /** My server's domain. */
  readonly domain: string;
  /** Rejects with IqError, or PostcardError `no-answer`, `offline`. `timeout` in ms. */
  send(iq: IQ, timeout?: number): Promise<ReceivedIQ>;
}
