import { defineAsyncComponent, getCurrentInstance, type Component } from 'vue';
import { idle } from './idle.ts';

type Load<T> = () => Promise<T>;

/** What the first screen does without, in the order in which it was named. */
const parts: Load<unknown>[] = [];

/** ms until a part that could not be loaded is tried again. */
const patience = 500;

/**
 * A part of the window with a script of its own: loaded when it is shown, or before, once the first screen is there.
 * For the router, which takes a function; in templates `laterComponent` stands for the component.
 */
export function later<T>(load: Load<T>): Load<T> {
  parts.push(load);
  return load;
}

/**
 * A component that is loaded later. Until it is there nothing stands in its place. Named in a `<script>` beside the
 * `<script setup>`: in the setup each that is shown would make one of its own, and keep what was shown alive.
 */
export function laterComponent<C extends Component>(load: Load<{ default: C }>): C {
  if (getCurrentInstance()) throw new Error('a later component is named once, outside of any setup');
  // The wrapper hands everything on; Vue types it so that the properties of the component are lost.
  return defineAsyncComponent({
    loader: later(load) as Load<{ default: Component }>,
    onError: (_error, retry, fail, attempts) => {
      if (attempts > 5) fail();
      else setTimeout(retry, patience * attempts);
    },
  }) as unknown as C;
}

/**
 * Loads all that is still missing, one after the other while nothing else is to be done: what is opened for the
 * first time is there at once, also when the host has gone meanwhile. Call it when the first screen has been painted.
 */
export async function fetchParts(): Promise<void> {
  for (let load = parts.shift(); load !== undefined; load = parts.shift()) {
    await idle(1_000);
    // It is loaded again, and its failure told, when it is shown.
    await load().catch((error: unknown) => console.warn('a part of the window is not there yet', error));
  }
}
