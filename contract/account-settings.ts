import * as v from 'valibot';
import { event, method } from './define.ts';

const audience = v.picklist(['everyone', 'friends', 'no-one']);
export type Audience = v.InferOutput<typeof audience>;

/** What belongs to the account and follows it to other devices. Unknown keys of a newer version are kept. */
export const accountSettingsSchema = v.object({
  whoCanMessage: v.optional(audience, 'everyone'),
  whoCanInvite: v.optional(audience, 'friends'),
  /** Asks before somebody may follow. */
  privateProfile: v.optional(v.boolean(), false),
  readStatus: v.optional(v.boolean(), false),
  typingStatus: v.optional(v.boolean(), false),
  /** A gentle word before sending what may be regretted. */
  nudges: v.optional(v.boolean(), true),
  /** The skin tone that emoji with one are inserted in: 0 none, 1 to 5 light to dark. */
  emojiTone: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)), 0),
  /** Emoji that were used last, newest first, with spaces between them. */
  recentEmoji: v.optional(v.pipe(v.string(), v.maxLength(2_000)), ''),
});
export type AccountSettings = v.InferOutput<typeof accountSettingsSchema>;

export const accountSettings = {
  'accountSettings.get': method<AccountSettings>()(v.object({})),
  /** Stored when it returns; given to the server as soon as there is a connection. */
  'accountSettings.set': method<AccountSettings>()(v.partial(accountSettingsSchema)),
  /** Also when another device changed one. */
  'accountSettings.changed': event<AccountSettings>(),
};
