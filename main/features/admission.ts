/** Who may do something: the values of `whoCanMessage` and `whoCanInvite`. */
export type Audience = 'everyone' | 'friends' | 'no-one';

/** What somebody is to me, from the roster: see docs/mechanisms/requests.md. */
export type Relation = 'self' | 'friend' | 'following' | 'follower' | 'accepted' | 'stranger';

/** Everything that the decision about one message depends on. */
export interface AdmissionCase {
  /** Who may write to me. */
  readonly choice: Audience;
  /** Who may invite me to groups. */
  readonly inviteChoice: Audience;
  /** What the sender (of an invitation: who invites) is to me. */
  readonly relation: Relation;
  readonly blocked: boolean;
  /** The server's own assistant: it greets and answers, and is never a stranger. */
  readonly assistant: boolean;
  /** Written by me, on this or another device. */
  readonly outgoing: boolean;
  /** From an archive that this profile reads for the first time: what is chosen now did not count then. */
  readonly history: boolean;
  /** An invitation to a group; passed on by its room, or from the person. */
  readonly invite: 'none' | 'room' | 'person';
  /** What the conversation is; null when it has no message yet, also when it was opened by hand. */
  readonly request: 'none' | 'pending' | 'refused' | null;
}

/**
 * `deliver`: into the inbox. `request`: into Requests, where the first text is shown and the rest is folded.
 * `fold`: kept without being shown or listed. `drop`: not kept at all.
 */
export type Admission = 'deliver' | 'request' | 'fold' | 'drop';

/** Whether the sender is somebody I let in: a one-way follower is not. */
const isLetIn = (relation: Relation): boolean => relation !== 'stranger' && relation !== 'follower';

/** Whether a choice lets this relation through at all. */
function allows(choice: Audience, relation: Relation): boolean {
  return choice === 'everyone' || (choice === 'friends' && relation === 'friend');
}

/** What becomes of one message. Pure; its test is the table of cases. */
export function admit(c: AdmissionCase): Admission {
  if (c.outgoing || c.relation === 'self') return 'deliver';
  if (c.blocked) return 'drop';
  if (c.assistant) return 'deliver';
  if (c.invite !== 'none') return admitInvite(c);
  if (!c.history && !allows(c.choice, c.relation)) return 'drop';
  if (isLetIn(c.relation) || c.request === 'none') return 'deliver';
  return c.request === 'refused' ? 'fold' : 'request';
}

/**
 * Friends bring me into a group; everybody else asks, and with No one nobody does. Who asks by writing to me has to be
 * somebody who may, as at servers that enforce it; what a room passes on comes through there as well.
 */
function admitInvite(c: AdmissionCase): Admission {
  if (c.inviteChoice === 'no-one') return 'drop';
  if (c.relation === 'friend') return 'deliver';
  if (c.invite === 'person' && !c.history && c.choice !== 'everyone') return 'drop';
  return c.request === 'refused' ? 'fold' : 'request';
}
