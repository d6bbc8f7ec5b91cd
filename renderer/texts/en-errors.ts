import type { ErrorCode } from '../../contract/errors.ts';

/** What happened and what to do about it, for every code; a missing one is a type error. */
export const enErrors: Record<ErrorCode, string> = {
  internal: 'Something went wrong inside Postcard. Try again; if it happens again, restart the app.',
  'unknown-method': 'This window is older than the app behind it. Reload the window or restart Postcard.',
  'invalid-argument': 'Postcard could not use what was entered. Check it and try again.',
  'not-signed-in': 'You are signed out. Sign in to go on.',
  'already-signed-in': 'This profile already has an account. Sign out first, or start with another profile.',
  cancelled: 'Cancelled.',
  'not-found': 'This is no longer here. It may have been removed.',
  offline: 'You are offline. Check your network connection, then try again.',

  'link-invalid': 'This is no address of a web page. Write one like https://example.org.',
  'address-invalid': "This is not a complete address. It should look like name{'@'}example.org.",
  'username-taken': 'This username is taken. Choose another one, or sign in if it is yours.',
  'username-invalid':
    'This username has characters the server does not accept. Use letters, digits, dots and dashes.',
  'wrong-password': 'The username or the password is not right. Check both and try again.',
  'registration-closed':
    'This server does not let apps create accounts. Create one on its website, then sign in here, or choose another server.',
  'registration-form': 'The server did not accept the answers. Check them and try again.',
  'server-not-found': 'No server was found under this name. Check the spelling.',
  'server-unreachable':
    'The server does not answer. Check your network connection and the server’s name, or try again later.',
  'server-refused': 'The server refused this. Ask the people who run it, or try again later.',
  'server-error': 'The server had a problem of its own. Try again in a few minutes.',
  'certificate-invalid':
    'The server could not prove that it is the one you asked for, so nothing was sent to it. Check the name; if it is right, tell the people who run the server that its certificate is not valid.',
  'connection-insecure':
    'The connection to this server would not be encrypted, so no password was sent. Use a server with encryption (wss:// or xmpps://).',
  'mechanism-downgraded':
    'The server suddenly offers only weaker ways to sign in than before, so no password was sent. Try from another network; if it stays, ask the people who run the server.',
  'hub-unavailable':
    'The server on this computer did not start. Restart Postcard; if that does not help, restart the computer.',

  'disk-full': 'The disk is full. Free some space, then try again. Nothing you wrote is lost.',
  'folder-unwritable':
    'Postcard may not write to its folder. Check the folder’s permissions, then start Postcard again.',
  'database-newer':
    'Your messages were last opened by a newer version of Postcard. Install the newest version to open them. Nothing was changed.',
  'database-broken':
    'The file with your messages is damaged and was left untouched. Restore it from a backup, or move it away to begin anew: messages that are still on the server come back.',
  'secret-unavailable':
    'The password could not be read from where it is kept. Unlock your key store, or enter the password again.',

  'file-missing': 'The file is no longer there. Choose it again.',
  'not-an-image': 'This file is not a picture, whatever its name says. Choose a JPEG, PNG, WebP or GIF.',
  'image-broken': 'This picture is damaged or incomplete. Try opening it in another app and saving it anew.',
  'image-too-large':
    'This picture is too large to open safely. Make it smaller in a photo editor, then choose it again.',
  'image-unsupported':
    'Pictures of this kind cannot be read on this computer. Save it as JPEG or PNG, then choose it again.',
  'media-failed': 'The picture could not be prepared. Try again, or choose another file.',
  'file-too-large': 'The file is larger than the server accepts. Choose a lower quality or a smaller file.',
  'file-empty': 'This file is empty: there is nothing in it to send.',
  'file-broken': 'This file is damaged or incomplete. Try opening it in another app and saving it anew.',
  'voice-too-long': 'A voice note can last 10 minutes. Record a shorter one, or several.',
  'upload-unsupported': 'This server does not take files, so photos cannot be sent through it.',
  'upload-failed': 'The photo could not be uploaded. Check your connection, then try again.',
  'download-failed':
    'The photo could not be fetched. Try again later; the sender’s server may have removed it.',
  'download-refused': 'The photo was not fetched because its address is not safe to open.',

  'already-sent': 'This message has gone out already, so it can no longer be taken back.',
  'not-delivered': 'This message could not be delivered. The other side’s server did not accept it.',
  nudge: 'Some of these words can hurt. Read it once more; Send sends it all the same.',
  'blocked-by-you': 'You blocked this person. Unblock them to write to them.',
  'choice-refused': 'The server did not take this choice, so everything is as it was. Try again later.',
  'text-too-long': 'This message is too long. Split it into shorter ones.',
  'no-answer': 'The server took too long to answer. Try again.',
  'sticker-pack-refused': 'This pack is damaged or not what it claims to be. Nothing of it was kept.',
  'sticker-pack-restricted': 'Whoever made this pack does not want it to be passed on.',
  'sticker-limit': 'There is no room for more: take some out first.',
  'groups-unsupported': 'This server has no group chats.',
  'group-not-found': 'There is no such group. Check the link, or ask whoever gave it to you for a new one.',
  'group-closed': 'Only people who were invited can join this group. Ask somebody in it to invite you.',
  banned: 'You were banned from this group.',
  forbidden: 'You may not do that in this group.',
  'nickname-taken': 'Somebody in this group has your name already. Change your display name and try again.',
  'not-invited': '{name} does not take invitations from you. Give them the link instead.',
  'successor-needed': 'You are the only owner. Choose who is to own the group after you.',
  'moderation-unsupported': 'This server cannot take back the messages of others.',
  'waits-for-moderator': 'A moderator looks at it before the group sees it.',
  'slow-mode': 'Slow mode is on: you can write again in {seconds} seconds.',
  'guidelines-first': 'Read and accept the group’s guidelines first.',
  'poll-closed': 'This poll has ended.',
  'reaction-limit': 'A message takes up to 6 of your reactions. Take one back first.',
  'too-many-photos': 'Up to {limit} photos can be sent at once. Send these first, then the others.',
};
