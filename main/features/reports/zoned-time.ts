/** A time as somebody here saw it, and as anybody elsewhere can place it. */
export interface ZonedTime {
  /** ISO 8601 with milliseconds and the offset that held then. */
  readonly time: string;
  /** IANA name. */
  readonly zone: string;
}

export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param at Unix time, ms */
export function zonedTime(at: number, zone: string): ZonedTime {
  const offset = offsetOf(at, zone);
  const shifted = new Date(at + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return { time: `${shifted}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`, zone };
}

/** Minutes east of Greenwich at that moment. */
function offsetOf(at: number, zone: string): number {
  let format = formats.get(zone);
  if (!format)
    formats.set(
      zone,
      (format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })),
    );
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  if (hours === undefined || minutes === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
