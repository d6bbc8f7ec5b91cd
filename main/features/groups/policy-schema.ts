import * as v from 'valibot';
import { defaultPolicy, groupPolicy, type GroupPolicy } from '../../../contract/groups.ts';

/** What is stored or was received as a policy; null for what is none. */
export function parsePolicy(json: string): GroupPolicy | null {
  const value = parseJson(json);
  const parsed = v.safeParse(groupPolicy, value);
  return parsed.success ? parsed.output : null;
}

/** A stored one; the default for none. */
export const policyOf = (stored: string): GroupPolicy => parsePolicy(stored) ?? defaultPolicy;

/** JSON of a note: null for what is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
