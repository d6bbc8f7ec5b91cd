/** Everything that the decision about one incoming message depends on. */
export interface NotificationCase {
  /** Settings → Notifications → Direct messages. */
  readonly enabled: boolean;
  /** Written by me, on this or another device. */
  readonly outgoing: boolean;
  /** From the archive of an account that was just added to this profile: history, not news. */
  readonly history: boolean;
  /** It was stored before: on another path, or by a resend. */
  readonly repeat: boolean;
  /** A window has the focus and shows this conversation. */
  readonly inView: boolean;
  /** Unix time in ms; null when not muted. */
  readonly mutedUntil: number | null;
  /** Unix time in ms. */
  readonly now: number;
}

/** Whether a message deserves a notification. Pure; its test is the table of cases. */
export function shouldNotify(c: NotificationCase): boolean {
  if (!c.enabled || c.outgoing || c.history || c.repeat || c.inView) return false;
  return c.mutedUntil === null || c.mutedUntil <= c.now;
}
