import type { Attachment } from './messages.ts';
import * as v from 'valibot';
import { event, method } from './define.ts';
import { address, messageId, type MessageId } from './ids.ts';
import type { Person } from './people.ts';

export const reportReasons = [
  'spam',
  'harassment',
  'sexual',
  'hate',
  'impersonation',
  'scam',
  'other',
] as const;
export type ReportReason = (typeof reportReasons)[number];

/** Messages at most on each side of the one that is reported. */
export const MAX_CONTEXT = 200;
/** Characters. */
export const MAX_DETAILS = 5_000;
export const MAX_REPORT_NOTE = 5_000;

/** How a server can be told. `by-hand`: by mail or on a web page alone. `unknown`: it can't be asked now. */
export type ReportContact = 'message' | 'by-hand' | 'nobody' | 'unknown';

export interface PreviewedMessage {
  readonly id: MessageId;
  readonly outgoing: boolean;
  readonly sender: { readonly address: string; readonly name: string };
  /** Unix time, ms. */
  readonly sentAt: number;
  readonly text: string;
  /** This is the one that is reported. */
  readonly reported: boolean;
  /** It was held in Requests and not shown so far. */
  readonly unseen: boolean;
  readonly files: readonly {
    readonly id: number;
    readonly kind: Attachment['kind'];
    readonly name: string;
    /** The file itself is on this computer. */
    readonly here: boolean;
  }[];
}

export interface ReportPreview {
  readonly person: Person;
  /** Oldest first. */
  readonly messages: readonly PreviewedMessage[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** The domain of the account's own server. */
  readonly server: string;
  readonly contact: ReportContact;
  /** Blocking can be done along with it: it is not done already. */
  readonly canBlock: boolean;
}

/** `kept`: was not to be sent. `refused`: the contact did not take it. `by-hand`: see `ReportDetails.addresses`. */
export type ReportSending = 'kept' | 'waiting' | 'sent' | 'refused' | 'nobody' | 'by-hand';

export interface ReportSummary {
  readonly id: number;
  readonly person: Person;
  readonly reason: ReportReason;
  /** Unix time, ms. */
  readonly createdAt: number;
  /** Of the whole: 64 hexadecimal digits. An exported file says the same ones. */
  readonly sha256: string;
  readonly sending: ReportSending;
  readonly messages: number;
  readonly files: number;
}

export interface ReportNote {
  /** ISO 8601 with offset. */
  readonly at: string;
  /** IANA name. */
  readonly zone: string;
  readonly text: string;
  readonly sha256: string;
}

export interface ReportDetails extends ReportSummary {
  readonly details: string;
  /** ISO 8601 with offset, and the IANA name of the zone. */
  readonly at: string;
  readonly zone: string;
  readonly server: string;
  /** Unix time, ms; null while it has not been sent. */
  readonly sentAt: number | null;
  readonly sentTo: string | null;
  /** mailto: with the text filled in, and https: addresses of whom to tell by hand. */
  readonly addresses: readonly string[];
  /** Files that are not in it: not here when it was made. */
  readonly absent: number;
  readonly notes: readonly ReportNote[];
}

const reportId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const one = v.object({ id: reportId });
const context = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_CONTEXT));

export const reports = {
  /** What would be kept. Without a message it is about the person, and the newest ones are shown. */
  'reports.prepare': method<ReportPreview>()(
    v.object({ address, messageId: v.nullable(messageId), before: context, after: context }),
  ),
  /**
   * Keeps the evidence; it is on the disk when this returns, and sent as soon as there is a connection. The same
   * `token` twice makes one report. Throws `not-found` when the message is gone, `disk-full`.
   */
  'reports.create': method<ReportSummary>()(
    v.object({
      token: v.pipe(v.string(), v.uuid()),
      address,
      messageId: v.nullable(messageId),
      /** Those shown: what is kept is what was seen. */
      messages: v.pipe(v.array(messageId), v.maxLength(2 * MAX_CONTEXT + 1)),
      files: v.boolean(),
      profile: v.boolean(),
      reason: v.picklist(reportReasons),
      details: v.pipe(v.string(), v.trim(), v.maxLength(MAX_DETAILS)),
      send: v.boolean(),
      block: v.boolean(),
    }),
  ),
  /** Newest first. `before`: the cursor of the page before. */
  'reports.list': method<{ items: readonly ReportSummary[]; next: string | null }>()(
    v.object({
      before: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  'reports.get': method<ReportDetails>()(one),
  /** Adds a note; what is there already never changes. */
  'reports.note': method<ReportDetails>()(
    v.object({
      id: reportId,
      text: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(MAX_REPORT_NOTE)),
    }),
  ),
  /** Sends one that was only kept, or that was not taken. */
  'reports.send': method()(one),
  /** Takes a report and its evidence from this computer. What was sent stays sent. */
  'reports.delete': method()(one),
  /** Where the ZIP comes from, under which name. `absent`: files that are lost or damaged since it was made. */
  'reports.export': method<{ url: string; name: string; absent: number }>()(one),
  /** One was made, sent, noted upon or deleted. */
  'reports.changed': event<{ id: number }>(),
};
