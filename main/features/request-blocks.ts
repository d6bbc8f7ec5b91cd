import type { ConversationId } from '../../contract/ids.ts';
import {
  conversationByAddress,
  isRefused,
  listInvitations,
  pendingAddresses,
  readState,
  refuseRequest,
  removeInvitationsOf,
  restoreRequest,
  transact,
  writeState,
  type WritableDb,
} from '../store/index.ts';

/** Addresses whose requests went because they were blocked: JSON that only this file writes. */
const OUT_BY_BLOCK = 'requests-out-by-block';

interface Options {
  readonly db: WritableDb;
  isBlocked(address: string): boolean;
  /** Requests went or came back, or invitations went. */
  changed(ids: readonly ConversationId[]): void;
}

/** Whoever is blocked is in no list of requests; when that is undone, whenever, the request is there again. */
export function settleBlocks({ db, isBlocked, changed }: Options): { settle(): void } {
  const out = new Set(JSON.parse(readState(db, OUT_BY_BLOCK) ?? '[]') as string[]);

  const leave = (): ConversationId[] =>
    pendingAddresses(db).flatMap(({ id, address }) => {
      if (!isBlocked(address) || !refuseRequest(db, id)) return [];
      out.add(address);
      return id;
    });
  const comeBack = (): ConversationId[] =>
    [...out].flatMap((address) => {
      if (isBlocked(address)) return [];
      out.delete(address);
      // Refused meanwhile, on another device: that holds.
      const id = isRefused(db, address) ? undefined : conversationByAddress(db, address)?.id;
      return id !== undefined && restoreRequest(db, id) ? id : [];
    });

  return {
    settle: () => {
      const ids = transact(db, () => {
        const moved = [...leave(), ...comeBack()];
        writeState(db, OUT_BY_BLOCK, out.size > 0 ? JSON.stringify([...out]) : null);
        return moved;
      });
      for (const { inviter } of listInvitations(db))
        if (inviter !== null && isBlocked(inviter.address)) removeInvitationsOf(db, inviter.address);
      changed(ids);
    },
  };
}
