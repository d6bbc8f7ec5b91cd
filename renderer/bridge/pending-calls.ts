import type { Outcome } from '../../contract/errors.ts';

interface Call {
  readonly id: number;
  readonly frame: string;
  readonly settle: (outcome: Outcome<unknown>) => void;
  /** The run of the host that was given it; null while it waits for a connection. */
  sentTo: string | null;
  /** Runs while there is no connection. */
  deadline: ReturnType<typeof setTimeout> | undefined;
}

/** The calls of this page that have no answer yet. */
export interface PendingCalls {
  call(name: string, params: unknown): Promise<Outcome<unknown>>;
  /**
   * The frames of the calls so far, when the connection's address hands them over: they are taken as sent once it
   * stands.
   */
  begin(): string[];
  answered(id: number, outcome: Outcome<unknown>): void;
  /** @param run names this run of the host */
  connected(run: string, send: (frame: string) => void): void;
  disconnected(): void;
}

/** ms until the host hears which answers have come: said once of many, not while they are being shown. */
const forgottenAfter = 500;

const offline: Outcome<never> = { ok: false, code: 'offline', detail: {} };

/**
 * A call whose answer was lost with a connection is repeated to the same run of the host, which knows it by its
 * number and does not carry it out again. Another run can't know, so there it fails as `offline` rather than be
 * done twice: nobody's message is sent a second time.
 * @param patience ms that a call waits for a connection
 */
export function createPendingCalls(patience: number): PendingCalls {
  const calls = new Map<number, Call>();
  let line: { readonly run: string; readonly send: (frame: string) => void } | null = null;
  let lastId = 0;
  const begun = new Set<Call>();
  let telling: ReturnType<typeof setTimeout> | undefined;

  const settle = (call: Call, outcome: Outcome<unknown>) => {
    calls.delete(call.id);
    clearTimeout(call.deadline);
    call.settle(outcome);
  };
  const given = (call: Call, run: string) => {
    clearTimeout(call.deadline);
    call.deadline = undefined;
    call.sentTo = run;
  };
  const transmit = (call: Call) => {
    if (line === null) {
      call.deadline ??= setTimeout(() => settle(call, offline), patience);
      return;
    }
    given(call, line.run);
    line.send(call.frame);
  };

  /** Everything before the oldest open call has its answer; the host may forget these. */
  const tell = () => {
    telling = undefined;
    const [oldest = lastId + 1] = calls.keys();
    line?.send(JSON.stringify({ done: oldest - 1 }));
  };

  return {
    call: (name, params) =>
      new Promise((resolve) => {
        const id = (lastId += 1);
        const frame = JSON.stringify({ id, name, params });
        const call: Call = { id, frame, settle: resolve, sentTo: null, deadline: undefined };
        calls.set(id, call);
        transmit(call);
      }),
    begin: () => {
      for (const call of calls.values()) begun.add(call);
      return [...begun].map(({ frame }) => frame);
    },
    answered: (id, outcome) => {
      const call = calls.get(id);
      if (call === undefined) return;
      settle(call, outcome);
      telling ??= setTimeout(tell, forgottenAfter);
    },
    connected: (run, send) => {
      line = { run, send };
      for (const call of [...calls.values()]) {
        if (begun.has(call)) given(call, run);
        else if (call.sentTo === null || call.sentTo === run) transmit(call);
        else settle(call, offline);
      }
      begun.clear();
    },
    disconnected: () => {
      line = null;
      for (const call of calls.values()) transmit(call);
    },
  };
}
