import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from './iq.ts';
import type { IqPort } from './modules/iq-port.ts';
import { PROFILE_NODE, type ProfileItem } from './modules/postcard-profile.ts';
import { fetchCard, NICK, publishCard, readPhoto, readTexts, withProfile } from './modules/xep-0054-vcard.ts';
import { fetchAvatar, fetchItem, publishAvatar, publishItem, sha1 } from './modules/xep-0084-avatar.ts';
import { VCARD4_NODE, type Card4 } from './modules/xep-0292-vcard4.ts';
import type { Picture, Profile, PublishedProfile } from './types.ts';

/** Somebody's profile from wherever it is: vCard4 first, vcard-temp where that has nothing. */
export async function fetchProfile(port: IqPort, owner: string): Promise<Profile> {
  const [card, newer, item] = await Promise.all([
    fetchCard(port, owner),
    fetchItem(port, owner, VCARD4_NODE),
    fetchItem(port, owner, PROFILE_NODE),
  ]);
  // What these nodes hold is read by the definitions of their modules.
  const four = (newer ?? {}) as Card4;
  const temp = readTexts(card);
  return {
    name: four.fullName?.trim() || temp.name || null,
    bio: four.note?.trim() || temp.bio,
    link: four.url?.trim() || temp.link,
    interests: four.categories?.length ? four.categories : temp.interests,
    isPrivate: item === null ? null : (item as ProfileItem).private === true,
  };
}

/** XEP-0084 first, the vCard's photo second. `hash`: SHA-1, lower case hex. */
export async function fetchPicture(
  port: IqPort,
  owner: string,
): Promise<({ hash: string } & Picture) | null> {
  const found = await fetchAvatar(port, owner);
  if (found !== null) return found;
  const photo = readPhoto(await fetchCard(port, owner));
  return photo === null ? null : { hash: sha1(photo.data), ...photo };
}

/** Writes it everywhere other apps look: avatar, nickname, vCard4, vcard-temp, and our own item. */
export async function publishProfile(port: IqPort, profile: PublishedProfile): Promise<void> {
  const { name, bio, link, interests, avatar } = profile;
  // ejabberd refuses to open the avatar's node once it made it itself, from a vCard's photo: so avatar first.
  await unlessRefused(async () => {
    if (avatar !== undefined) await publishAvatar(port, avatar);
  });
  await unlessRefused(() => publishItem(port, NICK, 'current', { nick: name }));
  // Before vCard4: Prosody makes that one anew from this, without the interests.
  await publishCard(port, withProfile(await fetchCard(port, port.own), profile, avatar));
  await unlessRefused(async () => {
    // What other apps wrote into the card stays in it.
    const old = ((await fetchItem(port, port.own, VCARD4_NODE)) ?? {}) as Card4;
    const card: Card4 = { fullName: name, note: bio, url: link, categories: interests, rest: old.rest ?? [] };
    await publishItem(port, VCARD4_NODE, 'current', card);
  });
  const item: ProfileItem = profile.isPrivate ? { private: true } : {};
  await unlessRefused(() => publishItem(port, PROFILE_NODE, 'current', item));
}

/** A server without PEP still keeps the vCard. */
async function unlessRefused(publish: () => Promise<void>): Promise<void> {
  try {
    await publish();
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
  }
}

/** Resolves once the server has read, and answered, everything before it (XEP-0199). */
export async function settled(port: IqPort): Promise<void> {
  try {
    await port.send({ type: 'get', to: port.domain, ping: true } as unknown as IQ);
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
  }
}
