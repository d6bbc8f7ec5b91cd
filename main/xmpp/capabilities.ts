import { PostcardError } from '../../contract/errors.ts';
import { discoInfo } from './modules/xep-0030-disco.ts';
import type { IqPort } from './modules/iq-port.ts';
import { bareAddress } from './server-address.ts';

/** Addresses of apps remembered at once, the least recently seen go first. */
const MOST = 200;
/** Apps asked for one person. */
const ASKED = 4;

/**
 * What the apps of others can do (XEP-0030). Asked is only who has written since this app was started: who follows
 * somebody without being followed does not tell them by a question that they are there.
 */
export class Capabilities {
  /** Full addresses, in the order they were seen last; false: not asked yet. */
  readonly #apps = new Map<string, readonly string[] | null | false>();

  /** It has just written. */
  seen(full: string | undefined): void {
    if (full?.includes('/') !== true) return;
    const known = this.#apps.get(full) ?? false;
    this.#apps.delete(full);
    this.#apps.set(full, known);
    for (const oldest of this.#apps.keys()) {
      if (this.#apps.size <= MOST) break;
      this.#apps.delete(oldest);
    }
  }

  gone(full: string | undefined): void {
    if (full !== undefined) this.#apps.delete(full);
  }

  /** Whether all apps of a bare address have a feature; null where nobody can say. Throws PostcardError `offline`. */
  async supports(port: IqPort, address: string, feature: string): Promise<boolean | null> {
    const mine = [...this.#apps.keys()].filter((full) => bareAddress(full) === address).slice(-ASKED);
    const answers = await Promise.all(mine.map((full) => this.#features(port, full)));
    const known = answers.filter((features) => features !== null);
    return known.length === 0 ? null : known.every((features) => features.includes(feature));
  }

  async #features(port: IqPort, full: string): Promise<readonly string[] | null> {
    const known = this.#apps.get(full) ?? false;
    if (known !== false) return known;
    const features = (await discoInfo(port, full))?.features ?? null;
    if (this.#apps.has(full)) this.#apps.set(full, features);
    return features;
  }
}

/** Whether my server does something for my account's archive and messages. Throws PostcardError `offline`. */
export async function serverSupports(port: IqPort, feature: string): Promise<boolean> {
  for (const address of [port.own, port.domain])
    if ((await discoInfo(port, address))?.features.includes(feature) === true) return true;
  return false;
}

/** Ends a question that an app leaves open: nobody waits longer for a hint, in ms. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    if (error instanceof PostcardError && error.code === 'offline') return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
