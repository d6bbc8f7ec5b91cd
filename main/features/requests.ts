import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Audience } from '../../contract/account-settings.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Events } from '../events.ts';
import {
  acceptRequest,
  addInvitation,
  clearHeldNotice,
  conversationByAddress,
  conversationById,
  countInvitations,
  countRequests,
  ensureConversation,
  foldedMessages,
  foldRequest,
  groupByAddress,
  hasOutgoing,
  isNoRequest,
  heldAddresses,
  holdReceipt,
  listInvitations,
  listRequests,
  markPending,
  messagesWithRemotePhotos,
  refuseRequest,
  relationTo,
  requestsLetIn,
  requestState,
  restoreRequest,
  setEmptyRequest,
  setHeldNotice,
  setInvitationState,
  takeReceipts,
  transact,
  type WritableDb,
} from '../store/index.ts';
import type { HeldCount, InboundMessage, Invitation } from '../xmpp/index.ts';
import { admit, type Admission, type AdmissionCase } from './admission.ts';
import { bareAddress } from './bare-address.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import type { Downloads } from './downloads.ts';
import { asPostcardError } from './media-errors.ts';
import { keepRefusals } from './refusals.ts';
import { settleBlocks } from './request-blocks.ts';
import { createRosterWait } from './roster-wait.ts';

/** Who is let in, and what becomes of what others send until then: docs/mechanisms/requests.md. */
export interface Requests {
  /** What becomes of a message; to be asked before it is stored. `history`: of a fresh profile. */
  judge(m: InboundMessage, o: { history: boolean }): Admission;
  /** The same for a page, before any of it is stored: what is known of a sender is looked up once. */
  judgeAll(page: readonly InboundMessage[], o: { history: boolean }): Admission[];
  /** Files what was stored of a request, in the same transaction. True when it is one. */
  file(id: ConversationId, added: readonly MessageId[], verdict: Admission): boolean;
  /** Something came that is filed as a request: nobody is notified, windows are told. */
  filed(id: ConversationId, added: readonly MessageId[]): void;
  /** Many came at once, from the archive. */
  filedMany(): void;
  /** A confirmation that is owed once they are let in. */
  owe(o: { messageId: MessageId; conversationId: ConversationId; wireId: string }): void;
  /** Whether it was sent before its sender was let in here: no news, although it arrives only now. */
  wasHeld(m: InboundMessage): boolean;
  /** Whether this address is a request now; what opens it by itself is told to `opened` afterwards. */
  isRequest(address: string): boolean;
  /** The store has opened this request, since something of mine turned up in it. */
  opened(id: ConversationId): void;
  /** Lets somebody in: by the button, by following. */
  accept(address: string): void;
  /** I am about to write in this conversation. */
  writing(id: ConversationId): void;
  /** Resolves when the roster of this connection is known: before, nobody can say who is let in. */
  rosterKnown(): Promise<void>;
  close(): void;
  readonly handlers: Pick<
    Handlers,
    | 'requests.list'
    | 'requests.accept'
    | 'requests.delete'
    | 'requests.restore'
    | 'requests.deleteInvitation'
    | 'requests.restoreInvitation'
  >;
}

/** What the store knows of somebody who writes. */
type Standing = Pick<AdmissionCase, 'relation' | 'request'>;

/** Messages that are told to windows one by one, and photos that are fetched, when somebody is let in. */
const AT_ONCE = 200;
/** Confirmations sent in one go. */
const RECEIPTS = 100;

export function createRequests(o: {
  db: WritableDb;
  ownAddress: string;
  /** The server's own assistant; null where there is none. */
  assistant: string | null;
  connection: AccountConnection;
  changes: Changes;
  events: Events;
  downloads: Downloads;
  people: { letIn(address: string): void; met(address: string): void };
  /** What this app has to see to by itself, since the server doesn't; and what no server does. */
  choice(): { message: Audience; invite: Audience };
  isBlocked(address: string, at: number): boolean;
  /** A friend invites to this group: its invitation stays in Requests until it is entered. */
  onWelcome(room: string): void;
  log(line: string): void;
}): Requests {
  const { db, connection, changes } = o;
  const isBlocked = (address: string) => o.isBlocked(address, Date.now());
  const ownDomain = domainOf(o.ownAddress);

  /** When they were let in, since this start, Unix ms. */
  const letInAt = new Map<string, number>();
  const refusals = keepRefusals({ db, connection, isBlocked, changed: (id) => told(id), log: o.log });
  const blocks = settleBlocks({ db, isBlocked, changed: (ids) => told(...ids) });

  const total = () => countRequests(db) + countInvitations(db);
  /** Refused on another device, it is so before its first message is here. */
  const stateOf = (address: string) => {
    const stored = requestState(db, address);
    return stored !== 'none' && refusals.has(address) ? 'refused' : stored;
  };
  const standingOf = (address: string): Standing => ({
    relation: relationTo(db, o.ownAddress, address),
    request: stateOf(address),
  });
  const tell = () => o.events.emit('requests.changed', { total: total() });
  const told = (...ids: readonly ConversationId[]) => {
    for (const id of ids) changes.conversation(id);
    tell();
  };
  const decide = (
    address: string,
    given: { outgoing?: boolean; history?: boolean; invite?: 'room' | 'person'; at: number },
    standing = standingOf(address),
  ) => {
    const { message: choice, invite: inviteChoice } = o.choice();
    return admit({
      ...standing,
      choice,
      inviteChoice,
      blocked: o.isBlocked(address, given.at),
      assistant: address === o.assistant,
      outgoing: given.outgoing ?? false,
      history: given.history ?? false,
      invite: given.invite ?? 'none',
    });
  };
  /**
   * Who they are is asked of my own server alone: another one would tell its user that somebody looks. Their picture
   * is not shown before they are let in (store/conversations.ts).
   */
  const look = (address: string) => {
    if (domainOf(address) === ownDomain) o.people.met(address);
  };

  const payReceipts = () => {
    if (!connection.isReady()) return;
    const due = takeReceipts(db, RECEIPTS);
    for (const { address, wireId } of due) connection.session()?.sendReceipt(address, wireId);
    if (due.length === RECEIPTS) setImmediate(payReceipts);
  };
  const opened = (id: ConversationId) => {
    const conversation = conversationById(db, id);
    if (!conversation) return;
    letInAt.set(conversation.address, Date.now());
    refusals.set(conversation.address, false);
    for (const message of messagesWithRemotePhotos(db, id, AT_ONCE)) o.downloads.wanted(message);
    o.people.met(conversation.address);
    payReceipts();
    changes.conversation(id);
    tell();
  };
  const open = (id: ConversationId) => {
    const folded = foldedMessages(db, id, AT_ONCE);
    if (!acceptRequest(db, id)) return;
    for (const message of folded) changes.message(id, message);
    opened(id);
  };
  const accept = (address: string) => {
    o.people.letIn(address);
    const conversation = conversationByAddress(db, address);
    if (conversation) open(conversation.id);
  };
  /** The roster changed, here or on another device. */
  const settle = () => {
    for (const { id } of requestsLetIn(db)) open(id);
  };

  const heldChanged = (held: HeldCount) => {
    if (held.messages === 0) return nothingHeld(held.address);
    const verdict = decide(held.address, { at: held.at });
    // Let in here, and the server has not heard of it.
    if (verdict === 'deliver') return o.people.letIn(held.address);
    if (verdict === 'drop') return;
    const id = transact(db, () => {
      setHeldNotice(db, held);
      const made = ensureConversation(db, { address: held.address, kind: 'direct' });
      setEmptyRequest(db, made, held.at);
      if (verdict === 'request') markPending(db, made);
      return made;
    });
    look(held.address);
    changes.conversation(id);
    tell();
  };
  const nothingHeld = (address: string) => {
    const conversation = conversationByAddress(db, address);
    if (!clearHeldNotice(db, address) || !conversation) return;
    setEmptyRequest(db, conversation.id, null);
    changes.conversation(conversation.id);
    tell();
  };
  const askHeld = async () => {
    const all = await connection.online().held();
    if (all === null) return;
    const still = new Set(all.map(({ address }) => address));
    for (const held of all) heldChanged(held);
    for (const address of heldAddresses(db)) if (!still.has(address)) nothingHeld(address);
  };

  const invited = (invitation: Invitation) => {
    const { inviter, throughRoom, at } = invitation;
    const verdict = decide(inviter ?? invitation.room, { invite: throughRoom ? 'room' : 'person', at });
    if ((verdict !== 'request' && verdict !== 'deliver') || o.isBlocked(invitation.room, at)) return;
    const known = groupByAddress(db, invitation.room);
    // Accepted on another device, before this one heard of it; or deleted before.
    if (known?.state === 'joined' || !addInvitation(db, invitation)) return;
    if (inviter !== null) look(inviter);
    tell();
    // A group that I went from, or was taken out of, asks like any other, whoever invites.
    if (verdict === 'deliver' && !known) o.onWelcome(invitation.room);
  };

  const rosterWait = createRosterWait(o);
  const stopListening = o.events.listen((name) => {
    if (name === 'people.relations') settle();
    if (name === 'reach.blockedChanged') blocks.settle();
  });
  connection.listen({
    onHeld: heldChanged,
    onInvitation: invited,
    onReady: ({ resumed }) => {
      payReceipts();
      if (resumed) return;
      rosterWait
        .known()
        .then(askHeld)
        .catch((error: unknown) =>
          o.log(`what is held back is not known: ${asPostcardError(error)?.code ?? String(error)}`),
        );
    },
  });

  const changed = (typed: string, write: (id: ConversationId) => boolean, also: () => void) => {
    const conversation = conversationByAddress(db, bareAddress(typed));
    if (!conversation) return;
    const done = transact(db, () => {
      const written = write(conversation.id);
      if (written) also();
      return written;
    });
    if (!done) return;
    told(conversation.id);
  };
  const setInvitation = (id: number, state: 'pending' | 'refused') => {
    if (setInvitationState(db, id, state)) tell();
  };

  return {
    judge: (m, { history }) => decide(m.peer, { outgoing: m.outgoing, history, at: judgedAt(m) }),
    judgeAll: (page, { history }) => {
      const known = new Map<string, Standing>();
      return page.map((m) => {
        const standing = known.get(m.peer) ?? standingOf(m.peer);
        known.set(m.peer, standing);
        return decide(m.peer, { outgoing: m.outgoing, history, at: judgedAt(m) }, standing);
      });
    },
    file: (id, added, verdict) => {
      if (verdict !== 'request' && verdict !== 'fold') return false;
      // What I wrote to them may have come in the same page, in front of it or behind it.
      if (isNoRequest(db, id)) {
        if (hasOutgoing(db, id)) return false;
        markPending(db, id);
      }
      if (verdict === 'fold') refuseRequest(db, id);
      foldRequest(db, id, added);
      return true;
    },
    filed: (id, added) => {
      const conversation = conversationById(db, id);
      if (conversation) look(conversation.address);
      for (const message of added) changes.message(id, message);
      changes.conversation(id);
      tell();
    },
    filedMany: tell,
    owe: (receipt) => holdReceipt(db, receipt),
    wasHeld: (m) => m.delayed && m.sentAt < (letInAt.get(m.peer) ?? 0),
    isRequest: (address) => ['pending', 'refused'].includes(requestState(db, address) ?? 'none'),
    opened,
    accept,
    writing: (id) => {
      const conversation = conversationById(db, id);
      if (conversation?.kind === 'direct') accept(conversation.address);
    },
    rosterKnown: rosterWait.known,
    close: () => {
      stopListening();
      rosterWait.close();
    },
    handlers: {
      'requests.list': (params) => {
        const page = listRequests(db, params);
        for (const { address } of page.items) look(address);
        const invitations = params.before === null ? listInvitations(db) : [];
        return { ...page, invitations, total: total() };
      },
      'requests.accept': ({ address }) => accept(bareAddress(address)),
      'requests.delete': ({ address }) =>
        changed(
          address,
          (id) => refuseRequest(db, id),
          () => refusals.set(bareAddress(address), true),
        ),
      'requests.restore': ({ address }) =>
        changed(
          address,
          (id) => restoreRequest(db, id),
          () => refusals.set(bareAddress(address), false),
        ),
      'requests.deleteInvitation': ({ id }) => setInvitation(id, 'refused'),
      'requests.restoreInvitation': ({ id }) => setInvitation(id, 'pending'),
    },
  };
}

/** Only the archive's own stamp says that something came before a block: any other is the sender's word. */
const judgedAt = (m: InboundMessage): number => (m.source === 'archive' ? m.sentAt : Infinity);

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);
