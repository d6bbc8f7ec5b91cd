import { createHash } from 'node:crypto';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * One way to write a value: keys in order, nothing between them (RFC 8785, for whole numbers and strings).
 * `scripts/verify-report.mjs` has the same few lines, since it is handed on as one file.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // A list was answered for above; readonly arrays are not narrowed away by Array.isArray.
  const entries = Object.entries(value as { readonly [key: string]: Json });
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`;
}

/** Lower case hexadecimal. Text counts as UTF-8. */
export const sha256Of = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');
