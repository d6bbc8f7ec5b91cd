/** Mutes for a time (docs/mechanisms/hub-rooms.md "Mutes"): whose they are, and that they end, is the hub's. */
import * as v from 'valibot';
import { LIMITS } from '../limits.ts';
import { StanzaError } from '../stanza.ts';
import { mutesOver, nextMuteEnd } from '../store/room-mutes.ts';
import { forgetPerson, keepPerson, showOccupant } from './occupants.ts';
import { accountNamed } from './people.ts';
import { checkRight } from './rights.ts';
import type { HubCore } from '../core.ts';
import type { Occupant, Room } from './room.ts';

/** ms; the longest that is waited at once: a computer that slept is at most this late, and so is what failed. */
const LOOK_AGAIN = 60_000;
/** Unix ms: until a moderator ends it. */
const ALWAYS = 8_640_000_000_000_000;

const muteNote = v.object({
  address: v.string(),
  until: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(ALWAYS))),
  reason: v.optional(v.string(), ''),
});

/** A moderator's `mute` note: what it says holds, also for who is away. @throws StanzaError */
export function heedMute(core: HubCore, room: Room, moderator: Occupant, json: string): void {
  const said = v.safeParse(v.pipe(v.string(), v.parseJson(), muteNote), json);
  if (!said.success) throw new StanzaError('bad-request');
  const { address, until, reason } = said.output;
  const { user } = accountNamed(address);
  const muted = until !== null;
  const asked = { do: 'role', target: room.standingOf(user), to: muted ? 'visitor' : 'participant' } as const;
  checkRight(room.standingOf(moderator.user), asked, room.config);
  const person = room.people.get(user);
  if (!person) return;
  const mutedUntil = until === ALWAYS ? null : until;
  if (person.muted !== muted || person.mutedUntil !== mutedUntil)
    keepPerson(core.db, room, { ...person, muted, mutedUntil });
  core.mutes.plan();
  const occupant = room.occupants.get(user);
  // A moderator whom nobody mutes stays one.
  if (!occupant || (occupant.role === 'visitor') === muted) return;
  occupant.role = room.roleBy(user);
  showOccupant(room, occupant, { reason: reason.slice(0, LIMITS.roomReasonChars), actor: moderator.nick });
}

/** Gives the voice back to those whose mutes are over: at the time, and before anything that is asked of the hub. */
export class RoomMutes {
  readonly #core: HubCore;
  #next = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(core: HubCore) {
    this.#core = core;
  }

  /** Looks when the next one ends; never before `from` (Unix ms). */
  plan(from = 0): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const next = nextMuteEnd(this.#core.db);
    this.#next = next === null ? Infinity : Math.max(next, from);
    if (next === null) return;
    const wait = Math.min(LOOK_AGAIN, Math.max(0, this.#next - Date.now()));
    this.#timer = setTimeout(() => this.#look(), wait).unref();
  }

  #look(): void {
    if (!this.endDue()) this.plan(this.#next);
  }

  /** False where none was due. */
  endDue(): boolean {
    const now = Date.now();
    if (now < this.#next) return false;
    const { rooms, turn, log } = this.#core;
    try {
      turn.run(() => rooms.guard(() => this.#endThose(now)));
      this.plan();
    } catch (error) {
      log(`Ending mutes failed: ${error instanceof Error ? error.message : String(error)}`);
      this.plan(now + LOOK_AGAIN);
    }
    return true;
  }

  /** What was written did not come to the disk. */
  tryLater(): void {
    this.plan(Date.now() + LOOK_AGAIN);
  }

  #endThose(now: number): void {
    for (const { room: name, user } of mutesOver(this.#core.db, now)) {
      const room = this.#core.rooms.get(name);
      end(this.#core, room, user);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#next = Infinity;
  }
}

function end(core: HubCore, room: Room, user: string): void {
  const person = room.people.get(user);
  if (!person) return;
  // Of who is no member any more nothing was kept but this.
  const nobody = person.affiliation === 'none' && person.since === null;
  if (nobody) forgetPerson(core.db, room, user);
  else keepPerson(core.db, room, { ...person, muted: false, mutedUntil: null });
  const occupant = room.occupants.get(user);
  if (occupant?.role !== 'visitor') return;
  occupant.role = room.roleBy(user);
  showOccupant(room, occupant);
}
