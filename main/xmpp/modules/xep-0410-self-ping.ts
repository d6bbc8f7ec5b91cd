// XEP-0410: MUC Self-Ping (Schrödinger's Chat), version 1.1.0
import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../../contract/errors.ts';
import { IqError } from '../iq.ts';
import type { IqPort } from './iq-port.ts';

/** ms: a room that takes longer has not answered. */
const TIMEOUT = 20_000;
/**
 * Section 3.2: answers of one's own app, which is reached through the room. `item-not-found` is not among them: it says
 * that one is called otherwise there, but also that the room is gone; to enter again is right for both.
 */
const inside = new Set(['service-unavailable', 'feature-not-implemented']);
const unreachable = new Set(['remote-server-not-found', 'remote-server-timeout', 'resource-constraint']);

/** Whether I am still in a room under this name. Throws PostcardError `offline`. */
export async function selfPing(port: IqPort, room: string, nick: string): Promise<'in' | 'out' | 'unknown'> {
  try {
    await port.send({ type: 'get', to: `${room}/${nick}`, ping: true } as unknown as IQ, TIMEOUT);
    return 'in';
  } catch (error) {
    if (error instanceof IqError && inside.has(error.condition)) return 'in';
    if (error instanceof IqError) return unreachable.has(error.condition) ? 'unknown' : 'out';
    if (error instanceof PostcardError && error.code === 'no-answer') return 'unknown';
    throw error;
  }
}
