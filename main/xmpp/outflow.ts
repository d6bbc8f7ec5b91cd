import type { Message } from 'stanza/protocol/index.js';
import { buildMessage, messageIdOf } from './outbound.ts';
import type { OutboundMessage } from './types.ts';

/**
 * Stanzas on the way at once. The saved state holds all that are not acknowledged and is written for each one
 * that leaves, so that without a limit a long queue would be written over and over.
 */
const WINDOW = 20;

interface Sending {
  /** Stanzas of this message that are not acknowledged. */
  readonly open: Set<string>;
}

/**
 * Messages between `send` and the server's acknowledgement, in order. A message of two stanzas is acknowledged
 * when both are.
 */
export class Outflow {
  readonly #waiting: { id: string; stanzas: Message[] }[] = [];
  readonly #sending = new Map<string, Sending>();
  #stanzas = 0;

  /** Takes over what a resumed stream sends again by itself. */
  hold(stanzaIds: readonly string[]): void {
    this.#sending.clear();
    this.#stanzas = stanzaIds.length;
    for (const stanzaId of stanzaIds) {
      const id = messageIdOf(stanzaId);
      const sending = this.#sending.get(id) ?? { open: new Set<string>() };
      sending.open.add(stanzaId);
      this.#sending.set(id, sending);
    }
  }

  add(message: OutboundMessage): void {
    this.#waiting.push({ id: message.id, stanzas: buildMessage(message) });
  }

  /** Hands over what fits into the window. */
  pump(send: (message: Message) => void): void {
    while (this.#stanzas < WINDOW) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#sending.set(next.id, { open: new Set(next.stanzas.map((stanza) => stanza.id ?? next.id)) });
      this.#stanzas += next.stanzas.length;
      for (const stanza of next.stanzas) send(stanza);
    }
  }

  /** The message whose last stanza this was, else null. The caller stores it before `acked` is called. */
  completedBy(stanzaId: string): string | null {
    const id = messageIdOf(stanzaId);
    const open = this.#sending.get(id)?.open;
    // Unknown here: held by an earlier process and completed now.
    if (open === undefined) return id;
    return open.size === 1 && open.has(stanzaId) ? id : null;
  }

  acked(stanzaId: string): void {
    const id = messageIdOf(stanzaId);
    const sending = this.#sending.get(id);
    if (!sending?.open.delete(stanzaId)) return;
    this.#stanzas -= 1;
    if (sending.open.size === 0) this.#sending.delete(id);
  }

  /** Ids of all that are here, whether or not they left. */
  ids(): string[] {
    return [...this.#sending.keys(), ...this.#waiting.map((message) => message.id)];
  }

  /** Stanza ids that left and are not acknowledged. */
  openStanzas(): string[] {
    return [...this.#sending.values()].flatMap((sending) => [...sending.open]);
  }

  /** Forgets everything and says what it was. */
  drop(): string[] {
    const all = this.ids();
    this.#waiting.length = 0;
    this.#sending.clear();
    this.#stanzas = 0;
    return all;
  }
}
