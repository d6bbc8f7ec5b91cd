/** Who can reach me: privacy, and who is blocked. */
export const enPrivacy = {
  title: 'Privacy',
  back: 'Back to privacy',
  messages: 'Direct messages',
  whoCanMessage: 'Who can message me',
  invites: 'Group invitations',
  whoCanInvite: 'Who can invite me to groups',
  blocked: 'Blocked',
  everyone: 'Everyone',
  friends: 'Friends',
  'no-one': 'No one',
  messagesHint: {
    everyone: 'Messages from people you don’t know wait under Requests.',
    friends: 'People you follow who follow you back. Nobody else’s messages arrive.',
    'no-one': 'No direct messages arrive from anybody. You can still write.',
  },
  groups: 'Groups you are in keep working, whatever you choose. Nobody is told what you chose.',
  invitesHint: {
    friends:
      'People you follow who follow you back bring you into their groups. Others ask: their invitations wait under Requests.',
    'no-one': 'No invitations arrive from anybody.',
  },
  invitesEnforced: 'Postcard sees to this itself, on every server.',
  enforced: {
    server: 'Your server refuses everybody else’s messages, also while Postcard is closed.',
    app: 'Your server can’t enforce this. Postcard files or drops such messages itself when they arrive. Other apps you use with this account may show them.',
    waiting: 'Saved. Your server will enforce it as soon as you are connected.',
    saving: 'Saved. Telling your server…',
    unknown: 'Whether your server enforces this shows once you are connected.',
  },
  readStatus: 'Read status',
  readStatusHint:
    'You see whether your messages were read, and others see it of theirs. Only between people who both turned it on.',
  typingStatus: 'Typing status',
  typingStatusHint:
    'You see when somebody is writing, and they see it of you. Only between people who both turned it on.',
  nudges: 'Hints before sending',
  nudgesHint:
    'A word when a text may hurt, when somebody has not answered, or when a first message has a link. Compared with a short list of words on this computer; it can be wrong, and nobody is told.',
  blockedNone: 'Nobody is blocked',
  blockedNoneHint: 'You can block somebody from their profile or from the options of a conversation.',
  blockedCount: '{n} person | {n} people',
  blockedIntroduction:
    'Nothing from these people arrives: no messages, invitations or requests. They are not told.',
  blockedWaiting: 'Holds on this computer now, on your server once you are connected.',
  block: 'Block',
  unblock: 'Unblock',
  unblockName: 'Unblock {name}',
  blockedToast: '{name} is blocked.',
  unblockedToast: '{name} is no longer blocked.',
  youBlocked: 'You blocked {name}.',
  list: 'Blocked people',
} as const;
