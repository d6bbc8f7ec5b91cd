import type { GroupInvitation } from '../../contract/requests.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value } from './sql.ts';
import { transact } from './transaction.ts';

/** More than these wait for nobody: the oldest ones make room. */
const MOST = 200;

export interface NewInvitation {
  /** Bare address of the room. */
  readonly room: string;
  /** Bare address; null when the room does not say. */
  readonly inviter: string | null;
  readonly reason: string;
  readonly password: string | null;
  /** Unix time, ms. */
  readonly at: number;
}

interface Stored {
  id: number;
  room: string;
  inviter: string | null;
  reason: string;
  at: number;
  name: string | null;
  nick: string | null;
}

/**
 * Keeps an invitation. The same person inviting to the same room again is one invitation, the newest; one that was
 * deleted stays deleted. True when it is to be shown.
 */
export function addInvitation(db: WritableDb, i: NewInvitation): boolean {
  return transact(db, () => {
    const known = row<{ id: number; state: string }>(
      db,
      `SELECT id, state FROM invitation WHERE room = ? AND coalesce(inviter, '') = ?`,
      i.room,
      i.inviter ?? '',
    );
    if (known) {
      const update = 'UPDATE invitation SET reason = ?, password = ?, at = ? WHERE id = ?';
      run(db, update, i.reason, i.password, i.at, known.id);
      return known.state === 'pending';
    }
    run(
      db,
      'INSERT INTO invitation (room, inviter, reason, password, at) VALUES (?, ?, ?, ?, ?)',
      i.room,
      i.inviter,
      i.reason,
      i.password,
      i.at,
    );
    const surplus = `SELECT id FROM invitation WHERE state = 'pending' ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?`;
    run(db, `DELETE FROM invitation WHERE id IN (${surplus})`, MOST);
    return true;
  });
}

/** Those that wait for an answer, newest first. */
export const listInvitations = (db: ReadableDb): GroupInvitation[] =>
  rows<Stored>(
    db,
    `SELECT i.id, i.room, i.inviter, i.reason, i.at, p.name, p.nick
       FROM invitation i LEFT JOIN person p ON p.address = i.inviter
      WHERE i.state = 'pending' ORDER BY i.at DESC, i.id DESC`,
  ).map(({ id, room, inviter, reason, at, name, nick }) => ({
    id,
    room,
    inviter: inviter === null ? null : { address: inviter, name: shownName(inviter, name, nick) },
    reason,
    at,
  }));

export const countInvitations = (db: ReadableDb): number =>
  value<number>(db, `SELECT count(*) FROM invitation WHERE state = 'pending'`) ?? 0;

/** Deletes it (or takes that back): it stays known, so that it does not come again. False when there is none. */
export const setInvitationState = (db: WritableDb, id: number, state: 'pending' | 'refused'): boolean =>
  run(db, 'UPDATE invitation SET state = ? WHERE id = ?', state, id) > 0;

/** Takes away all that somebody sent: they were blocked. True when there was any. */
export const removeInvitationsOf = (db: WritableDb, inviter: string): boolean =>
  run(db, 'DELETE FROM invitation WHERE inviter = ?', inviter) > 0;

/** One that waits; null when there is none. */
export const invitationById = (db: ReadableDb, id: number): { readonly room: string } | null =>
  row<{ room: string }>(db, `SELECT room FROM invitation WHERE id = ? AND state = 'pending'`, id) ?? null;

/** Takes away all to this room: I am in it. True when there was any. */
export const removeInvitationsTo = (db: WritableDb, room: string): boolean =>
  run(db, 'DELETE FROM invitation WHERE room = ?', room) > 0;
