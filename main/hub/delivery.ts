import { addOffline, deleteOffline } from './store/offline.ts';
import type { Db } from './store/database.ts';
import type { Session } from './session.ts';

/**
 * The fate of one message on its way to an account, shared by all resources it was sent to.
 * It ends exactly once: some resource has it, or it waits in offline storage.
 */
export class Delivery {
  readonly user: string;
  readonly at: number;
  readonly xml: string;
  /** Row in offline storage, if it has one already. */
  row: number | null;
  readonly holders = new Set<Session>();
  #done = false;

  constructor(user: string, at: number, xml: string, row: number | null = null) {
    this.user = user;
    this.at = at;
    this.xml = xml;
    this.row = row;
  }

  /** A resource has it for certain. */
  complete(db: Db): void {
    if (this.#done) return;
    this.#done = true;
    if (this.row !== null) deleteOffline(db, this.row);
  }

  /** Its author took it back: nothing of it is kept. */
  erase(db: Db): void {
    this.complete(db);
  }

  /** Makes sure that it survives the end of the process. */
  keep(db: Db): void {
    if (!this.#done) this.row ??= addOffline(db, this.user, this.at, this.xml);
  }

  /** A resource will never get it. */
  giveUp(db: Db, holder: Session): void {
    this.holders.delete(holder);
    if (this.holders.size === 0) this.keep(db);
  }
}

/** Messages of offline storage that some resource is being sent, by row. */
export class HeldDeliveries {
  readonly #byRow = new Map<number, Delivery>();

  get(row: number): Delivery | undefined {
    return this.#byRow.get(row);
  }

  add(delivery: Delivery): void {
    if (delivery.row !== null) this.#byRow.set(delivery.row, delivery);
  }

  remove(delivery: Delivery): void {
    if (delivery.row !== null) this.#byRow.delete(delivery.row);
  }
}
