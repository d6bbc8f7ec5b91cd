import { PostcardError } from '../../../contract/errors.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { ParsedParams } from '../../../contract/index.ts';
import type { PreviewedMessage, ReportPreview } from '../../../contract/reports.ts';
import type { Media } from '../../media/index.ts';
import {
  conversationByAddress,
  evidenceAround,
  evidenceByIds,
  newestEvidence,
  personByAddress,
  personRow,
  relationTo,
  type EvidenceMessage,
  type EvidenceWindow,
  type NewIncident,
  type ReadableDb,
} from '../../store/index.ts';
import { filesOf, makeEvidence } from './evidence.ts';
import { fileKeeper } from './kept-files.ts';
import { seal } from './manifest.ts';
import { localZone } from './zoned-time.ts';

/** What would be kept. Throws not-found for a message that is gone or of another conversation. */
export function previewOf(
  db: ReadableDb,
  asked: ParsedParams<'reports.prepare'>,
): Omit<ReportPreview, 'server' | 'contact' | 'canBlock'> {
  const { items, hasBefore, hasAfter } = windowOf(db, asked);
  return {
    person: personByAddress(db, asked.address),
    messages: items.map((m) => previewed(m, asked.messageId)),
    hasBefore,
    hasAfter,
  };
}

function windowOf(db: ReadableDb, asked: ParsedParams<'reports.prepare'>): EvidenceWindow {
  if (asked.messageId !== null) {
    const window = evidenceAround(db, asked.messageId, asked);
    const reported = window.items.find(({ id }) => id === asked.messageId);
    // Only what they said themselves can be held against them.
    if (reported?.sender !== asked.address) throw new PostcardError('not-found');
    return window;
  }
  const conversation = conversationByAddress(db, asked.address);
  return conversation
    ? newestEvidence(db, conversation.id, asked.before)
    : { items: [], hasBefore: false, hasAfter: false };
}

const previewed = (m: EvidenceMessage, reported: MessageId | null): PreviewedMessage => ({
  id: m.id,
  outgoing: m.outgoing,
  sender: { address: m.sender, name: m.senderName },
  sentAt: m.sentAt,
  text: m.text,
  reported: m.id === reported,
  unseen: m.folded,
  files: m.attachments.map(({ id, kind, name, localSha256 }) => ({
    id,
    kind,
    name,
    here: localSha256 !== null,
  })),
});

/**
 * Looks at everything that is to be kept, measures the files, and seals it. Texts are those of this moment, before
 * the first file is read: what is unsent while files are measured is in it. Throws not-found.
 */
export async function gather(
  from: { db: ReadableDb; media: Media; ownAddress: string },
  given: ParsedParams<'reports.create'>,
): Promise<
  Pick<NewIncident, 'createdAt' | 'sha256' | 'summary' | 'manifest' | 'evidence' | 'page' | 'files'>
> {
  const { db, media, ownAddress } = from;
  const messages = evidenceByIds(db, given.messages);
  check(db, messages, given);
  const createdAt = Date.now();
  const keeper = fileKeeper({ media, include: given.files });
  const evidence = await makeEvidence(
    {
      token: given.token,
      about: given.address,
      reason: given.reason,
      details: given.details,
      ownAddress,
      at: createdAt,
      zone: localZone(),
      reported: given.messageId,
      messages,
      person: personRow(db, given.address),
      relation: relationTo(db, ownAddress, given.address),
      profile: given.profile,
    },
    keeper.keep,
  );
  const files = keeper.files();
  return {
    ...seal(evidence, files),
    createdAt,
    files,
    summary: {
      messages: messages.length,
      files: files.length,
      absent: filesOf(evidence).filter((f) => f.absent !== null && f.absent !== 'left-out').length,
    },
  };
}

/** All of one conversation: the reported one's, or the one the reported message is in. */
function check(
  db: ReadableDb,
  messages: readonly EvidenceMessage[],
  given: ParsedParams<'reports.create'>,
): void {
  const reported = messages.find(({ id }) => id === given.messageId);
  if (given.messageId !== null && reported?.sender !== given.address) throw new PostcardError('not-found');
  const conversation = reported?.conversationId ?? conversationByAddress(db, given.address)?.id;
  if (messages.some((m) => m.conversationId !== conversation)) throw new PostcardError('invalid-argument');
}
