/** Every limit of the hub in one place: a hostile client on this computer must not take the others down. */
export const LIMITS = {
  /** One WebSocket message, in bytes. */
  stanzaBytes: 256 * 1024,
  xmlDepth: 64,
  /** Stanzas received but not handled yet, of one connection. */
  inputQueue: 5_000,
  /** Bytes written but not taken by a connection's socket. */
  outputBytes: 32 * 1024 * 1024,
  connections: 2_000,
  /** Time to log in and bind, in ms. */
  negotiationMs: 30_000,
  loginAttempts: 4,
  sessionsPerAccount: 32,
  accounts: 10_000,
  registrationsPerMinute: 300,
  /** How long a lost connection can be resumed (XEP-0198), in seconds. */
  resumeSeconds: 300,
  /** Stanzas and characters waiting for an acknowledgement of one session. */
  unackedStanzas: 20_000,
  unackedChars: 64 * 1024 * 1024,
  offlineMessages: 10_000,
  /** Messages held back from one sender and of all senders of one account, and their characters of XML. */
  heldFromOne: 50,
  heldCharsFromOne: 1024 * 1024,
  heldForOne: 2_000,
  heldCharsForOne: 16 * 1024 * 1024,
  /** Senders whose held messages are told at once. */
  heldSenders: 500,
  rosterItems: 20_000,
  archivePage: 250,
  searchResults: 50,
  uploadBytes: 100 * 1024 * 1024,
  openSlots: 1_000,
  /** How long an upload slot may stay unused, and a transfer without progress, in ms. */
  slotMs: 15 * 60_000,
  transferIdleMs: 30_000,
  pepNodes: 500,
  pepItems: 10_000,
  privacyItems: 1_000,
  blocked: 5_000,
  /** Reports in the queue: all, and those of one account. */
  reports: 5_000,
  reportsOfOne: 200,
  directedPresence: 1_000,
  rooms: 10_000,
  roomsOfOneOwner: 500,
  /** People a room knows: members, banned, and whoever was in it. */
  roomPeople: 5_000,
  roomsOfOneSession: 500,
  /** Characters of one message, subject or reason in a room: it goes to everybody there. */
  roomMessageChars: 64 * 1024,
  roomTextChars: 4_000,
  roomReasonChars: 1_000,
  /** Changes asked for at once, and invitations one account may send per minute. */
  roomChanges: 500,
  invitationsPerMinute: 100,
  roomHistory: 100,
  /** Messages to rooms from one account at once, and how many more each second. */
  roomBurst: 500,
  roomMessagesPerSecond: 20,
  /** Messages that wait for a room's moderators: of one account, and all. */
  roomHeldFromOne: 20,
  roomHeld: 500,
  /** How long it is remembered that a moderator did not want a message, in ms. */
  roomDroppedMs: 30 * 86_400_000,
  /** Bytes of a room's picture. */
  roomPictureBytes: 150 * 1024,
} as const;
