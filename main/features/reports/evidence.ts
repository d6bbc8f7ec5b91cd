import type { ReportReason } from '../../../contract/reports.ts';
import type { DeliveryState } from '../../../contract/messages.ts';
import type { Relation } from '../../../contract/people.ts';
import type { EvidenceMessage, PersonRow } from '../../store/index.ts';
import type { KeptFile } from './kept-files.ts';
import { zonedTime, type ZonedTime } from './zoned-time.ts';

/**
 * Why a file is not in the evidence. `left-out`: whoever reports did not want it in. `never-fetched`: it was not
 * here; its address and what its sender said of it are. `missing`, `damaged`: it had been here. `too-large`: the
 * files before it were as many bytes as one report holds.
 */
export type Absence = 'left-out' | 'never-fetched' | 'missing' | 'damaged' | 'too-large';

/** A file as it was received, or what is known of it. Types, not interfaces: only they count as JSON. */
export type EvidenceFile = {
  readonly name: string;
  readonly mediaType: string;
  /** Bytes: measured where it is here, else as its sender said. */
  readonly bytes: number | null;
  readonly url: string | null;
  /** As its sender said. */
  readonly claimedSha256: string | null;
  /** Where it is in the ZIP; null with `absent`. */
  readonly file: string | null;
  readonly sha256: string | null;
  readonly absent: Absence | null;
};

export type MessageEvidence = {
  readonly number: number;
  readonly part: 'before' | 'reported' | 'after';
  readonly direction: 'received' | 'sent';
  readonly from: string;
  readonly fromName: string;
  readonly conversation: string;
  readonly sent: { readonly time: string; readonly zone: string };
  readonly text: string;
  readonly ids: {
    readonly stanza: string | null;
    readonly origin: string | null;
    readonly message: string | null;
  };
  readonly state: DeliveryState;
  readonly wasShown: boolean;
  readonly files: readonly EvidenceFile[];
};

export type ProfileEvidence = {
  readonly address: string;
  readonly calledHere: string;
  readonly name: string;
  readonly bio: string;
  readonly interests: readonly string[];
  readonly link: string;
  readonly private: boolean;
  readonly relation: Relation;
  readonly lookedUp: { readonly time: string; readonly zone: string } | null;
  readonly picture: EvidenceFile | null;
};

/** All of one incident, as `incident.json` has it. */
export type Evidence = {
  readonly format: 'urn:postcard:incident:0';
  readonly id: string;
  readonly report: {
    readonly about: string;
    readonly reason: ReportReason;
    readonly details: string;
    readonly made: { readonly time: string; readonly zone: string };
    /** Numbers of the messages that are reported; none when it is about the person. */
    readonly messages: readonly number[];
  };
  readonly account: { readonly address: string; readonly server: string; readonly app: 'Postcard' };
  readonly profile: ProfileEvidence | null;
  readonly messages: readonly MessageEvidence[];
  /** What this does not have, in words. */
  readonly remarks: readonly string[];
};

const remarks = [
  'Texts, names and ids are what this app stored when it received them; stanzas are not kept as they came.',
  'The times of messages are those of the server that delivered them, shown in the zone of this computer.',
];

export interface EvidenceInput {
  readonly token: string;
  readonly about: string;
  readonly reason: ReportReason;
  readonly details: string;
  readonly ownAddress: string;
  /** Unix time, ms. */
  readonly at: number;
  /** IANA name. */
  readonly zone: string;
  readonly reported: number | null;
  readonly messages: readonly EvidenceMessage[];
  readonly person: PersonRow | null;
  readonly relation: Relation;
  readonly profile: boolean;
}

/** Puts the evidence together from what is stored; `keep` says what becomes of each file. */
export async function makeEvidence(
  o: EvidenceInput,
  keep: (file: KeptFile) => Promise<EvidenceFile>,
): Promise<Evidence> {
  const at = (ms: number): ZonedTime => ({ ...zonedTime(ms, o.zone) });
  const place = o.messages.findIndex(({ id }) => id === o.reported);
  const messages: MessageEvidence[] = [];
  for (const [index, m] of o.messages.entries())
    messages.push(await messageEvidence(m, index, place, at, keep));
  return {
    format: 'urn:postcard:incident:0',
    id: o.token,
    report: {
      about: o.about,
      reason: o.reason,
      details: o.details,
      made: { ...at(o.at) },
      messages: place < 0 ? [] : [place + 1],
    },
    account: { address: o.ownAddress, server: domainOf(o.ownAddress), app: 'Postcard' },
    profile: o.profile ? await profileEvidence(o, at, keep) : null,
    messages,
    remarks,
  };
}

async function messageEvidence(
  m: EvidenceMessage,
  index: number,
  place: number,
  at: (ms: number) => ZonedTime,
  keep: (file: KeptFile) => Promise<EvidenceFile>,
): Promise<MessageEvidence> {
  const files: EvidenceFile[] = [];
  for (const a of m.attachments) files.push(await keep(a));
  return {
    number: index + 1,
    part: index === place ? 'reported' : place < 0 || index < place ? 'before' : 'after',
    direction: m.outgoing ? 'sent' : 'received',
    from: m.sender,
    fromName: m.senderName,
    conversation: m.conversation,
    sent: { ...at(m.sentAt) },
    text: m.text,
    ids: { stanza: m.stanzaId, origin: m.originId, message: m.wireId },
    state: m.state,
    wasShown: !m.folded,
    files,
  };
}

async function profileEvidence(
  o: EvidenceInput,
  at: (ms: number) => ZonedTime,
  keep: (file: KeptFile) => Promise<EvidenceFile>,
): Promise<ProfileEvidence> {
  const p = o.person;
  const picture = p?.avatarSha256
    ? await keep({
        name: 'profile picture',
        mediaType: 'image/*',
        bytes: null,
        url: null,
        remoteSha256: null,
        localSha256: p.avatarSha256,
      })
    : null;
  return {
    address: o.about,
    calledHere: p?.name ?? '',
    name: p?.nick ?? '',
    bio: p?.bio ?? '',
    interests: p?.interests ?? [],
    link: p?.link ?? '',
    private: p?.isPrivate ?? false,
    relation: o.relation,
    lookedUp: p?.fetchedAt == null ? null : { ...at(p.fetchedAt) },
    picture,
  };
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** Everything in it that has or could have a file. */
export const filesOf = (e: Evidence): EvidenceFile[] => [
  ...(e.profile?.picture ? [e.profile.picture] : []),
  ...e.messages.flatMap(({ files }) => files),
];
