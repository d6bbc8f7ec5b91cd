/** ms */
const FIRST = 500;
const LONGEST = 60_000;

/** Waiting times between attempts: the first at most 0.5 s, doubling up to 60 s, each between half and all of it. */
export class Backoff {
  #attempt = 0;

  /** The next waiting time in ms. */
  next(): number {
    const ceiling = Math.min(FIRST * 2 ** this.#attempt, LONGEST);
    this.#attempt = Math.min(this.#attempt + 1, 16);
    return ceiling / 2 + Math.random() * (ceiling / 2);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
