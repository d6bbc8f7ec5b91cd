import { join } from 'node:path';
import { desktopObstacle } from '../../scripts/testing/desktop.mjs';
import { temporaryFolder } from './folders.ts';
import { startProcess } from './processes.ts';
import { python } from './servers.ts';
import { within } from './wait.ts';

/** A notification as the system got it. */
export interface SystemNotification {
  readonly title: string;
  readonly body: string;
  /** Keys and labels, by turns. */
  readonly actions: readonly string[];
}

/** What a Linux desktop offers: notifications always, the others where they are asked for. */
export interface Desktop {
  /** For the app's process. */
  readonly env: NodeJS.ProcessEnv;
  /** All that was shown so far, in order; those that were closed, too. */
  notifications(): Promise<readonly SystemNotification[]>;
  /** Clicks one of them, counted from 0. */
  click(at: number): Promise<void>;
  end(): Promise<void>;
}

let obstacle: string | null | undefined;
/** Why there can be no desktop here; null when there can be one. */
export const noDesktop = (): string | null => (obstacle ??= desktopObstacle());

/** Starts a session bus of its own with a real notification daemon on it, and a place for tray icons or a key store. */
export async function startDesktop(...offers: ('tray' | 'keyring')[]): Promise<Desktop> {
  const answers: ((result: unknown) => void)[] = [];
  const script = join(import.meta.dirname, 'desktop.py');
  const running = await startProcess(
    python,
    [script, temporaryFolder('desktop'), ...offers],
    /"event": "ready"/,
    {
      onLine(line) {
        // The script beside this file writes these lines.
        const said = JSON.parse(line) as { event: string; result: unknown };
        if (said.event === 'answer') answers.shift()?.(said.result);
      },
    },
  );
  // As above.
  const { address } = JSON.parse(running.line) as { address: string };
  const ask = <T>(command: string, argument: unknown = null): Promise<T> => {
    // As above.
    const answer = new Promise<T>((resolve) => answers.push(resolve as (result: unknown) => void));
    running.child.stdin?.write(`${JSON.stringify({ do: command, argument })}\n`);
    return within(20_000, `the desktop: ${command}`, answer);
  };
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    notifications: () => ask('notifications'),
    click: (at) => ask('click', at),
    async end() {
      running.child.stdin?.end();
      await within(20_000, 'the desktop to end', running.ended);
    },
  };
}
