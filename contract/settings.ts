import * as v from 'valibot';
import { event, method } from './define.ts';

/** Minutes since midnight. One that ends before it begins goes on into the next day. */
const minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1439));
const daySpan = v.nullable(v.object({ from: minute, to: minute }));
type DaySpan = v.InferOutput<typeof daySpan>;
const night: DaySpan = { from: 22 * 60, to: 7 * 60 };

/** Times without notifications. `timeZone`: an IANA name, '' for the computer's own. `days`: Monday first. */
const quietHours = v.object({
  on: v.boolean(),
  timeZone: v.pipe(v.string(), v.maxLength(64)),
  days: v.pipe(v.array(daySpan), v.length(7)),
});
export type QuietHours = v.InferOutput<typeof quietHours>;

/** What belongs to this machine. Unknown keys of a newer version are kept untouched. */
export const settingsSchema = v.object({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  /** Of direct messages. */
  notifications: v.optional(v.boolean(), true),
  groupNotifications: v.optional(v.boolean(), true),
  /** What a notification tells: name and text, the name alone, or only that there is something. */
  notificationText: v.optional(v.picklist(['full', 'name', 'nothing']), 'full'),
  notificationSound: v.optional(v.boolean(), true),
  quietHours: v.optional(quietHours, { on: false, timeZone: '', days: Array<DaySpan>(7).fill(night) }),
  /** Keep receiving when the last window is closed. */
  background: v.optional(v.boolean(), true),
  /** Photos that become smaller are sharpened a little. */
  sharpenSmaller: v.optional(v.boolean(), true),
  /** Send holds a message back for some seconds, so that it can be taken back. */
  undoSend: v.optional(v.boolean(), false),
  /** Sites whose links open without asking, as they read. */
  trustedSites: v.optional(v.array(v.pipe(v.string(), v.maxLength(255))), []),
  /** The most that received and sent pictures may take on this computer, bytes. */
  mediaQuota: v.optional(v.pipe(v.number(), v.minValue(100_000_000)), 10_000_000_000),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

export const settings = {
  'settings.get': method<Settings & { readonly mediaBytes: number }>()(v.object({})),
  'settings.set': method<Settings>()(v.partial(settingsSchema)),
  'settings.changed': event<Settings>(),
};
