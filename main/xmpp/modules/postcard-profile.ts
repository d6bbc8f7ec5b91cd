// urn:postcard:profile:0, our own: what of a profile no other standard has a place for (docs/mechanisms/people.md)
import { JXT } from 'stanza';

export const PROFILE_NODE = 'urn:postcard:profile:0';

/** Published openly: whoever wants to follow is told beforehand that they will have to wait for an answer. */
export interface ProfileItem {
  readonly private?: boolean;
}

export const profileItem = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'profile',
  namespace: PROFILE_NODE,
  type: PROFILE_NODE,
  typeField: 'itemType',
  fields: { private: JXT.booleanAttribute('private') },
};
