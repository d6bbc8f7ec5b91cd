import * as v from 'valibot';
import { event, method } from './define.ts';
import { address, type ConversationId } from './ids.ts';

/** `pending`: waits in Requests. `refused`: deleted from there; listed nowhere until its sender is let in. */
export type RequestState = 'none' | 'pending' | 'refused';

/** Somebody who has not been let in wrote. Nothing of it was fetched, and they have been told nothing. */
export interface MessageRequest {
  readonly conversationId: ConversationId;
  readonly address: string;
  readonly name: string;
  /** Unix time of the first message, ms. */
  readonly at: number;
  /** Of the first message; '' when it is a photo, or when the server holds everything back. */
  readonly text: string;
  /** The first message is a photo. */
  readonly photo: boolean;
  /** What is shown once they are let in. Photos are messages too. */
  readonly more: { readonly messages: number; readonly photos: number };
}

/** An invitation to a group. */
export interface GroupInvitation {
  readonly id: number;
  /** The group's address. */
  readonly room: string;
  /** Who invites; null when the group says so by itself, without a name. */
  readonly inviter: { readonly address: string; readonly name: string } | null;
  readonly reason: string;
  /** Unix time, ms. */
  readonly at: number;
}

const invitationId = v.object({ id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) });

export const requests = {
  /** Newest first. `before`: the cursor of the previous page. All invitations come with the first page. */
  'requests.list': method<{
    items: readonly MessageRequest[];
    invitations: readonly GroupInvitation[];
    next: string | null;
    total: number;
  }>()(
    v.object({
      before: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  /** Lets somebody in: what they sent is shown, their photos are fetched, and they are told that it arrived. */
  'requests.accept': method()(v.object({ address })),
  /** Takes a request out of the list; its sender learns nothing, and stays out. */
  'requests.delete': method()(v.object({ address })),
  /** Undoes `requests.delete`. */
  'requests.restore': method()(v.object({ address })),
  'requests.deleteInvitation': method()(invitationId),
  'requests.restoreInvitation': method()(invitationId),
  /** Something about the requests changed. */
  'requests.changed': event<{ total: number }>(),
};
