import type { GroupNotify } from '../../../contract/conversations.ts';

/** Everything that the decision about one incoming message depends on. */
export interface NotificationCase {
  /** Settings → Notifications → Direct messages, or Groups. */
  readonly enabled: boolean;
  /** Of a group: which of its messages are announced. null: it is none. */
  readonly notify: GroupNotify | null;
  /** It names me, or answers a message of mine. */
  readonly mention: boolean;
  /** Somebody wrote it in a group whom I block. */
  readonly blocked: boolean;
  /** Settings → Notifications → Sound. */
  readonly sound: boolean;
  /** Written by me, on this or another device. */
  readonly outgoing: boolean;
  /** From the archive of an account that was just added to this profile, or held back until now: not news. */
  readonly history: boolean;
  /** It was stored before: on another path, or by a resend. */
  readonly repeat: boolean;
  /** It has been read: here, or on another device. */
  readonly read: boolean;
  /** A window has the focus and shows this conversation. */
  readonly inView: boolean;
  /** Its sender is not let in: the conversation is a request, or was refused. */
  readonly request: boolean;
  /** Unix time in ms; null when not muted. */
  readonly mutedUntil: number | null;
  /** It is a time of day without notifications. */
  readonly quiet: boolean;
  /** Unix time in ms. */
  readonly now: number;
}

export interface NotificationDecision {
  readonly show: boolean;
  /** Only of what is shown. */
  readonly sound: boolean;
}

const nothing: NotificationDecision = { show: false, sound: false };

/** Whether a message deserves a notification, and a sound with it. Pure; its test is the table of cases. */
export function decide(c: NotificationCase): NotificationDecision {
  if (!c.enabled || c.outgoing || c.history || c.repeat || c.read || c.inView) return nothing;
  if (c.request || c.quiet || c.blocked) return nothing;
  if (c.notify === 'none') return nothing;
  // Whoever is named in a group hears of it, muted or not.
  const named = c.notify !== null && c.mention;
  if (c.notify === 'mentions' && !named) return nothing;
  if (c.mutedUntil !== null && c.mutedUntil > c.now && !named) return nothing;
  return { show: true, sound: c.sound };
}
