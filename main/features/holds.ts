import type { MediaStore } from '../media/index.ts';

/** Files that a piece of work has made, and that nothing refers to before it is done: no clean-up takes them meanwhile. */
export interface Holds {
  add(sha256: string): void;
  /** It is done, or given up; what is added by a part of it that goes on is not held any more. */
  release(): void;
}

export function createHolds(store: MediaStore): Holds {
  const releases: (() => void)[] = [];
  let over = false;
  return {
    add: (sha256) => {
      if (!over) releases.push(store.hold(sha256));
    },
    release: () => {
      over = true;
      for (const one of releases.splice(0)) one();
    },
  };
}
