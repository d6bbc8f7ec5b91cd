import type { QuietHours } from '../../../contract/settings.ts';

/** Minutes since midnight, and the day of the week: 0 is Monday. */
interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the clock on the wall says there. An unknown zone is taken for the computer's. */
function localTime(at: number, timeZone: string): LocalTime {
  const parts = new Map(
    formatter(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const [hour, minute] = [Number(parts.get('hour')), Number(parts.get('minute'))];
  return { day: days.indexOf(parts.get('weekday') ?? ''), minute: hour * 60 + minute };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  // The computer's own zone may change while the app runs: somebody travels.
  const known = timeZone === '' ? undefined : formatters.get(timeZone);
  if (known) return known;
  const made = make(timeZone);
  if (timeZone !== '') formatters.set(timeZone, made);
  return made;
}

function make(timeZone: string): Intl.DateTimeFormat {
  const how = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', timeZone === '' ? how : { ...how, timeZone });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.DateTimeFormat('en-US', how);
    throw error;
  }
}

/**
 * Whether this is a quiet time. A span that ends before it begins goes on after midnight, into the next day; one that
 * ends when it begins lasts 24 hours. `at`: Unix time, ms. Pure.
 */
export function isQuiet(hours: QuietHours, at: number): boolean {
  if (!hours.on) return false;
  const { day, minute } = localTime(at, hours.timeZone);
  const today = hours.days[day];
  const yesterday = hours.days[(day + 6) % 7];
  if (today && minute >= today.from && (today.to <= today.from || minute < today.to)) return true;
  return yesterday != null && yesterday.to <= yesterday.from && minute < yesterday.to;
}
