import { initial } from './0001-initial.ts';
import { held } from './0002-held.ts';
import { interests } from './0003-interests.ts';
import { rooms } from './0005-rooms.ts';
import { retraction } from './0004-retraction.ts';
import { roomPolicy } from './0006-room-policy.ts';
import { roomAudience } from './0007-room-audience.ts';
import { roomLastPost } from './0008-room-last-post.ts';
import { roomUploads } from './0009-room-uploads.ts';
import { roomPublic } from './0010-room-public.ts';
import { muteEnds } from './0011-mute-ends.ts';

/** Every migration in order; the position plus one is the `user_version` it leads to. Never change one. */
export const MIGRATIONS: readonly string[] = [
  initial,
  held,
  interests,
  retraction,
  rooms,
  roomPolicy,
  roomAudience,
  roomLastPost,
  roomUploads,
  roomPublic,
  muteEnds,
];
