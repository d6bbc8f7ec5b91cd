import { sql } from './database.ts';
import type { Db } from './database.ts';

/** A room's vCard, and the SHA-1 of the picture in it (hex); null for none. */
export interface RoomCard {
  readonly xml: string;
  readonly hash: string | null;
}

export const findRoomCard = (db: Db, room: number): RoomCard | null =>
  sql<RoomCard>(db, 'SELECT xml, hash FROM room_card WHERE room = ?').get(room) ?? null;

export function saveRoomCard(db: Db, room: number, { xml, hash }: RoomCard): void {
  sql(db, 'INSERT OR REPLACE INTO room_card (room, xml, hash) VALUES (?, ?, ?)').run(room, xml, hash);
}
