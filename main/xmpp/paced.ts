import type { PostcardError } from '../../contract/errors.ts';
import type { Channel, ChannelReader } from './channel.ts';

/** ms that what came in may occupy the process before windows and timers get their turn. */
const TURN = 15;
/** Pieces handed over in one turn, whatever they took before. */
const LEAST = 4;
const MOST = 512;
/** Characters of a piece of a stream without frames: a few stanzas. */
const PIECE = 2_048;

/**
 * A channel whose reader gets what comes in bit by bit, in order. Node hands over all that a socket has before any
 * timer or other socket has its turn; thousands of messages that waited on the server would keep windows without an
 * answer for seconds. What a piece costs shows only afterwards (the library works it off in microtasks), so the
 * number of pieces follows what the last turn took. While pieces wait, the socket is not read.
 */
export class PacedChannel implements Channel {
  readonly secure: boolean;
  readonly framed: boolean;
  readonly label: string;
  readonly #channel: Channel;
  #reader: ChannelReader | null = null;
  #waiting: string[] = [];
  #closed: { problem: PostcardError | null } | null = null;
  #most = LEAST;
  /** Pieces of the turn that runs; null between two. */
  #given: number | null = null;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.secure = channel.secure;
    this.framed = channel.framed;
    this.label = channel.label;
  }

  read(reader: ChannelReader): void {
    this.#reader = reader;
    this.#channel.read({
      onText: (text) => {
        if (this.framed) this.#waiting.push(text);
        else this.#waiting.push(...pieces(text));
        this.#give();
        if (this.#waiting.length > 0) this.#channel.pause();
      },
      onClosed: (problem) => {
        this.#closed = { problem };
        this.#give();
      },
    });
  }

  #give(): void {
    if (this.#given === null) this.#begin();
    let given = this.#given ?? 0;
    for (; given < this.#most; given += 1) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#reader?.onText(text);
    }
    this.#given = given;
    if (this.#closed === null || this.#waiting.length > 0) return;
    const reader = this.#reader;
    this.#reader = null;
    reader?.onClosed(this.#closed.problem);
  }

  #begin(): void {
    const began = performance.now();
    this.#given = 0;
    setImmediate(() => {
      const took = performance.now() - began;
      const full = (this.#given ?? 0) >= this.#most;
      if (took > TURN) this.#most = Math.max(LEAST, Math.floor((this.#most * TURN) / took));
      else if (full && took < TURN / 2) this.#most = Math.min(MOST, this.#most * 2);
      this.#given = null;
      if (this.#waiting.length > 0) this.#give();
      if (this.#waiting.length === 0) this.#channel.resume();
    });
  }

  write(text: string): void {
    this.#channel.write(text);
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    if (this.#waiting.length === 0) this.#channel.resume();
  }

  unsent(): number {
    return this.#channel.unsent();
  }

  end(): void {
    this.#channel.end();
  }

  /** What has not been handed over is dropped: the server knows that it was not acknowledged. */
  destroy(): void {
    this.#waiting = [];
    this.#channel.destroy();
  }
}

function pieces(text: string): string[] {
  const cut: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = from + PIECE;
    // Not between the two halves of a character.
    if (/[\ud800-\udbff]/.test(text.charAt(to - 1))) to += 1;
    cut.push(text.slice(from, to));
    from = to;
  }
  return cut;
}
