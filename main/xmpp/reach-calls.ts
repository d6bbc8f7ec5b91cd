import { discoInfo, discoItems } from './modules/xep-0030-disco.ts';
import type { IqPort } from './modules/iq-port.ts';
import { removeRosterItem } from './modules/rfc6121-roster.ts';
import { fetchDefaultList, fetchRules, saveRules, setDefaultList } from './modules/xep-0016-privacy-lists.ts';
import { fetchBlocked, setBlocked } from './modules/xep-0191-blocking.ts';
import { blockAndReport } from './modules/xep-0377-reports.ts';
import { fetchPrivate, publishPrivate } from './modules/xep-0223-private-storage.ts';
import { fetchReadPositions, publishReadPosition } from './modules/xep-0490-read-positions.ts';
import type { PrivateStorage, ReachCalls, ReadPositions } from './reach-types.ts';

/** `port` throws `offline` while there is no connection; all of these reject with it then. */
export function reachCalls(port: () => IqPort): ReachCalls {
  return {
    defaultList: async () => fetchDefaultList(port()),
    rules: async (list) => fetchRules(port(), list),
    saveRules: async (list, rules) => saveRules(port(), list, rules),
    setDefaultList: async (list) => setDefaultList(port(), list),
    blocked: async () => fetchBlocked(port()),
    block: async (addresses) => setBlocked(port(), 'block', addresses),
    blockAndReport: async (address, report) => blockAndReport(port(), address, report),
    unblock: async (addresses) => setBlocked(port(), 'unblock', addresses),
    removeFromRoster: async (address) => removeRosterItem(port(), address),
    roomServices: async () => findRoomServices(port()),
  };
}

export function readPositions(port: () => IqPort): ReadPositions {
  return {
    all: async () => fetchReadPositions(port()),
    publish: async (position) => publishReadPosition(port(), position),
  };
}

export function privateStorage(port: () => IqPort): PrivateStorage {
  return {
    items: async (node) => fetchPrivate(port(), node),
    publish: async (node, item) => publishPrivate(port(), node, item),
  };
}

/** XEP-0045 section 6.1: of the server's items those that say they are group chat services. */
async function findRoomServices(port: IqPort): Promise<string[]> {
  const asked = await Promise.all(
    (await discoItems(port, port.domain)).map(async (address) => {
      const info = await discoInfo(port, address);
      const isRooms = info?.identities.some(({ category }) => category === 'conference') ?? false;
      return isRooms ? [address] : [];
    }),
  );
  // The bare domain would let in everybody on it; see docs/mechanisms/reach.md.
  return asked.flat().filter((address) => address !== port.domain && !address.includes('@'));
}
