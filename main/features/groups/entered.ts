/**
 * In which rooms I am on the stream there is now. Membership says it (`note`), and whoever sends or reads asks. A room
 * I am in on a stream that was resumed is still entered; on a new stream none is until it was entered again.
 */
export interface Entered {
  isIn(room: string): boolean;
  /** `entered`: now I am in it, also when it is said again; `left`: no longer, for whatever reason. */
  listen(listener: { entered?(room: string): void; left?(room: string): void }): void;
  /** A message to it did not come back, or came back since I am not in it: it should be asked (XEP-0410). */
  doubt(room: string): void;
}

/** The same for membership. */
export interface EnteredNotes extends Entered {
  /** Entering has succeeded, or I am out of it. Bare address. */
  note(room: string, isIn: boolean): void;
  /** A new stream that was not resumed: I am in none. */
  none(): void;
  onDoubt(listener: (room: string) => void): void;
}

export function createEntered(): EnteredNotes {
  const rooms = new Set<string>();
  const listeners: Parameters<Entered['listen']>[0][] = [];
  const doubters: ((room: string) => void)[] = [];
  const out = (room: string) => {
    if (rooms.delete(room)) for (const listener of listeners) listener.left?.(room);
  };
  return {
    isIn: (room) => rooms.has(room),
    listen: (listener) => void listeners.push(listener),
    doubt: (room) => doubters.forEach((tell) => tell(room)),
    note: (room, isIn) => {
      if (!isIn) return out(room);
      rooms.add(room);
      for (const listener of listeners) listener.entered?.(room);
    },
    none: () => {
      for (const room of [...rooms]) out(room);
    },
    onDoubt: (listener) => void doubters.push(listener),
  };
}
