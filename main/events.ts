import type { EventName, Payload } from '../contract/index.ts';

export type EventListener = (name: EventName, payload: unknown) => void;

/** Carries events from the features to every window of this profile. */
export interface Events {
  emit<N extends EventName>(name: N, payload: Payload<N>): void;
  /** Returns the function that ends the subscription. */
  listen(listener: EventListener): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<EventListener>();
  return {
    emit: (name, payload) => {
      for (const listener of listeners) listener(name, payload);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
