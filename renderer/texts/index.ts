import { createI18n } from 'vue-i18n';
import type { ErrorCode, ErrorDetail } from '../../contract/errors.ts';
import { formatBytes } from '../format/bytes.ts';
import { en } from './en.ts';

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** Every text there is, by its path: `inbox.newChat`. A wrong one is a type error. */
export type TextKey = Paths<typeof en>;

export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } });

/** Letters written from right to left, and characters that turn the direction: Unicode's bidirectional types R and AL. */
const rightToLeft =
  /[\u0590-\u08ff\u200f\u202a-\u202e\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name in a sentence keeps its direction to itself (U+2068, U+2069): neither is read in the other's order. */
const isolated = (value: string | number): string | number =>
  typeof value === 'string' && rightToLeft.test(value) ? `\u2068${value}\u2069` : value;

/** The text of `key` in the current language. With `n` among the values, its singular or plural form. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const { n } = values;
  const filled = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isolated(value)]));
  return typeof n === 'number' ? i18n.global.t(key, filled, n) : i18n.global.t(key, filled);
}

export interface Problem {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;
}

/** What happened and what to do, with the figures that are known. */
export function problemText({ code, detail }: Problem): string {
  const limit = detail['limit'] ?? detail['maxBytes'];
  const parts = [t(`errors.${code}`, typeof limit === 'number' ? { ...detail, limit } : detail)];
  const aboutSize = code === 'file-too-large' || code === 'image-too-large';
  if (aboutSize && typeof limit === 'number')
    parts.push(t('errorDetails.limit', { size: formatBytes(limit) }));
  const { width, height } = detail;
  if (typeof width === 'number' && typeof height === 'number') {
    parts.push(
      t('errorDetails.pixels', { width: width.toLocaleString('en'), height: height.toLocaleString('en') }),
    );
  }
  return parts.join(' ');
}
