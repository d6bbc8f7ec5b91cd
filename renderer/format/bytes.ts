const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `bytes` in decimal units as file managers show them: `410 kB`, `8.2 MB`. One decimal below 10 from MB on. */
export function formatBytes(bytes: number, locale = 'en'): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < units.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit >= 2 && value < 10 ? 1 : 0;
  const number = value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number} ${units[unit] ?? 'B'}`;
}

/** `share` (0 to 1) as a whole percentage. */
export const formatShare = (share: number, locale = 'en'): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(
    Math.min(1, Math.max(0, share)),
  );
