import type { AbuseReport } from './report-types.ts';

/** One value of a private node. */
export interface PrivateItem {
  readonly id: string;
  readonly text: string;
}

/** Private nodes of my own (XEP-0223). Each rejects with IqError where the server has no PEP. */
export interface PrivateStorage {
  items(node: string): Promise<PrivateItem[]>;
  publish(node: string, item: PrivateItem): Promise<void>;
}

/** XEP-0490: how far I have read a conversation, on whatever device. */
export interface ReadPosition {
  /** Bare address of the conversation. */
  readonly peer: string;
  /** Archive id of the last message that was displayed. */
  readonly stanzaId: string;
  /** `peer` is a room, and the id its own (XEP-0490 section 3). */
  readonly inRoom?: boolean;
}

/** XEP-0490. Each rejects with IqError where the server has no PEP. */
export interface ReadPositions {
  all(): Promise<ReadPosition[]>;
  publish(position: ReadPosition): Promise<void>;
}

export interface BlockPush {
  readonly action: 'block' | 'unblock';
  readonly addresses: readonly string[] | 'everybody';
}

/** XEP-0016 section 2.1. */
export type StanzaKind = 'message' | 'iq' | 'presence-in' | 'presence-out';

export interface PrivacyRule {
  readonly action: 'allow' | 'deny';
  /** Null: everybody. */
  readonly type: 'jid' | 'group' | 'subscription' | null;
  readonly value: string;
  readonly order: number;
  /** None: everything, also what one sends. */
  readonly kinds: readonly StanzaKind[];
}

/** Who may reach me, as the server keeps it. Each rejects with IqError where the server knows no such thing. */
export interface ReachCalls {
  /** The default list's name; '' where there is none. */
  defaultList(): Promise<string>;
  /** Null: no such list. */
  rules(list: string): Promise<PrivacyRule[] | null>;
  saveRules(list: string, rules: readonly PrivacyRule[]): Promise<void>;
  setDefaultList(list: string): Promise<void>;
  /** Everybody blocked; from then on changes are told by `onBlockPush`. */
  blocked(): Promise<string[]>;
  block(addresses: readonly string[]): Promise<void>;
  /** Blocks one person and says why (XEP-0377). False: blocked, and the server takes no reports. */
  blockAndReport(address: string, report: AbuseReport): Promise<boolean>;
  unblock(addresses: readonly string[]): Promise<void>;
  /** Takes somebody off the roster, which ends following both ways (RFC 6121 section 2.5). */
  removeFromRoster(address: string): Promise<void>;
  /** Domains of the server's group chat services (XEP-0045). */
  roomServices(): Promise<string[]>;
}

/** What my own account says; nobody else's word counts. */
export interface ReachHandlers {
  /** An item of a private node of my own changed (XEP-0223), by this device or another one. */
  onPrivateItem(item: PrivateItem & { node: string }): void;
  /** I read a conversation, on this device or another one (XEP-0490). */
  onReadPosition(position: ReadPosition): void;
  /** Another device or app blocked or unblocked somebody (XEP-0191). */
  onBlockPush(push: BlockPush): void;
  /** A privacy list of mine was written (XEP-0016), by this device or another one. */
  onPrivacyPush(list: string): void;
}
