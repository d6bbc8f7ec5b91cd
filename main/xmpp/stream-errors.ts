import { PostcardError } from '../../contract/errors.ts';

/** RFC 6120 section 4.9.3: trying again by itself would not help, or (conflict) fight with another device. */
const finalConditions = new Set([
  'conflict',
  'host-unknown',
  'host-gone',
  'not-authorized',
  'unsupported-version',
]);

/** What a stream error means to the person. */
export function streamProblem(condition: string): PostcardError {
  const unknown = condition === 'host-unknown' || condition === 'host-gone';
  const refused = finalConditions.has(condition) ? 'server-refused' : 'server-error';
  return new PostcardError(unknown ? 'server-not-found' : refused, { condition });
}
