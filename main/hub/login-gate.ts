import { randomBytes } from 'node:crypto';
import { LIMITS } from './limits.ts';

/** Slows down guessing passwords and mass registration, for all connections together. */
export class LoginGate {
  /** Makes made-up salts for names that don't exist. */
  readonly secret = randomBytes(32);
  readonly #failures = new Map<string, { count: number; at: number }>();
  #registrations: number[] = [];

  /** How long an answer to a failed login for this name has to wait, in ms: 0, 0, 0.25 s, 0.5 s … 5 s. */
  recordFailure(user: string, now = Date.now()): number {
    const last = this.#failures.get(user);
    const count = (last && now - last.at < 5 * 60_000 ? last.count : 0) + 1;
    if (this.#failures.size > 10_000) this.#failures.clear();
    this.#failures.set(user, { count, at: now });
    return count < 3 ? 0 : Math.min(5_000, 250 * 2 ** (count - 3));
  }

  recordSuccess(user: string): void {
    this.#failures.delete(user);
  }

  /** Whether one more account may be made now. */
  mayRegister(now = Date.now()): boolean {
    this.#registrations = this.#registrations.filter((at) => now - at < 60_000);
    if (this.#registrations.length >= LIMITS.registrationsPerMinute) return false;
    this.#registrations.push(now);
    return true;
  }
}
