import * as v from 'valibot';
import { event, method } from './define.ts';
import { quality } from './photos.ts';

/** What belongs to this machine. Unknown keys of a newer version are kept untouched. */
export const settingsSchema = v.object({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  notifications: v.optional(v.boolean(), true),
  /** Text in notifications, or only who wrote. */
  notificationPreview: v.optional(v.boolean(), true),
  /** Keep receiving when the last window is closed. */
  background: v.optional(v.boolean(), true),
  quality: v.optional(quality, 'standard'),
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
