import { PostcardError } from '../../contract/errors.ts';
import type { ConnectOptions, Session } from './types.ts';

/** Starts a connection that keeps itself up. Never throws: failures come as `onState`. */
export function connect(options: ConnectOptions): Session {
  throw new PostcardError('internal', { address: options.address });
}
