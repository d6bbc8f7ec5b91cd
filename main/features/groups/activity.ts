import { PostcardError } from '../../../contract/errors.ts';
import type { GroupActivity } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { writtenBetween, type ReadableDb } from '../../store/index.ts';
import { existingRoom } from './parts.ts';

/** How many votes somebody gave in polls and question boxes of a group in a while; by bare address. */
export type CountVotes = (id: ConversationId, from: number, to: number) => ReadonlyMap<string, number>;

/** Weeks that are looked back. */
const WEEKS = 12;
const DAYS = 7;

/** The midnight with which the week of this moment begins, Monday, by the clock here. Unix ms. */
export function weekOf(now: number): Date {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % DAYS));
  return day;
}

/**
 * What everybody in a group did by week, from what is here of it and everybody in it could see. For owners; throws
 * `forbidden`.
 */
export function activityOf(
  db: ReadableDb,
  id: ConversationId,
  o: { now: number; votes: CountVotes },
): GroupActivity[] {
  if (existingRoom(db, id).rank !== 'owner') throw new PostcardError('forbidden');
  const weeks: GroupActivity[] = [];
  const end = weekOf(o.now);
  end.setDate(end.getDate() + DAYS);
  for (let week = 0; week < WEEKS; week += 1) {
    const to = end.getTime();
    // By the calendar: a week in which clocks change is not 168 hours long.
    end.setDate(end.getDate() - DAYS);
    const from = end.getTime();
    const votes = o.votes(id, from, to);
    const members = writtenBetween(db, id, from, to).map((one) => ({
      ...one,
      votes: votes.get(one.address) ?? 0,
    }));
    if (members.length > 0) weeks.push({ from, members });
  }
  return weeks;
}
