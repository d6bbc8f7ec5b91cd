import type { Relation } from '../../../contract/people.ts';
import type { ReportReason } from '../../../contract/reports.ts';
import type { Absence } from './evidence.ts';

/** Words that leave the app: in the exported page, and in what is sent to a server's abuse contact. */
export const reasonWords: Readonly<Record<ReportReason, string>> = {
  spam: 'Spam or unwanted advertising',
  harassment: 'Harassment or threats',
  sexual: 'Nudity or sexual content',
  hate: 'Hate',
  impersonation: 'Pretending to be somebody else',
  scam: 'Scam or fraud',
  other: 'Something else',
};

export const relationWords: Readonly<Record<Relation, string>> = {
  self: 'The same person',
  friend: 'A friend: both follow each other',
  following: 'Followed by the reporter, and does not follow back',
  follower: 'Follows the reporter, and is not followed back',
  accepted: 'Somebody whose messages the reporter had accepted; neither a friend nor followed',
  stranger: 'A stranger',
};

export const absenceWords: Readonly<Record<Absence, string>> = {
  'left-out': 'Not included, as chosen when the report was made.',
  'never-fetched': 'Was never downloaded; its address is kept.',
  missing: 'Was not on the disk any more when the report was made.',
  damaged: 'Was damaged on the disk when the report was made.',
  'too-large': 'Not included: the report holds one gigabyte of files at most.',
};

export const pageWords = {
  title: 'Report about {who}',
  reason: 'Reason',
  details: 'Details',
  about: 'About',
  by: 'Reported by',
  server: 'Server',
  made: 'Made',
  fingerprint: 'Fingerprint of the whole (SHA-256)',
  profile: 'Profile at that time',
  noProfile: 'The profile was not included.',
  called: 'Called here',
  name: 'Name',
  bio: 'Bio',
  interests: 'Interests',
  link: 'Link',
  relation: 'To the reporter',
  lookedUp: 'Looked up',
  picture: 'Profile picture',
  messages: 'Messages',
  noMessages: 'There were no messages between the two.',
  reported: 'Reported',
  unseen: 'Was held back and not shown to the receiver',
  ids: 'Ids: server {stanza}, origin {origin}, message {message}',
  none: 'none',
  address: 'Address',
  claimed: 'Fingerprint its sender gave',
  lost: 'They belong to the report, and were lost or damaged on the reporter’s computer before this export.',
  toNotes: 'Fingerprint, and notes added later',
  toReport: 'Back to the report',
  notes: 'Notes added later',
  notesUnsealed:
    'Written by the reporter after the report was made. The fingerprint does not stand for them.',
  lostFiles: 'Files that are missing here',
  noNotes: 'No notes.',
  remarks: 'Good to know',
  verify: 'Has this been changed?',
  verifyText:
    'Everybody with Postcard can check this file: npm run verify-report -- FILE.zip. It says which part was changed, if any.',
  honest:
    'Fingerprints show that something was changed after this file was made. They are no signature: who changes the file and makes all fingerprints anew leaves no trace in it. The fingerprint of the whole stands for this page, the pictures beside it and incident.json. So compare it with the one that Postcard shows under Settings → Privacy → Reports, or with the one that was sent along with the report.',
} as const;

/** Fills in `{name}`s. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
