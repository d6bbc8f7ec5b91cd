import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Asks somebody on a Linux desktop's session bus, through the program that GLib brings. Gives the answer in GVariant's
 * text form; null where there is no bus, no such program, or nobody who answers within a second.
 * @param method with its interface, as in `org.freedesktop.DBus.NameHasOwner`
 */
export async function askSessionBus(
  name: string,
  path: string,
  method: string,
  ...args: string[]
): Promise<string | null> {
  if (!process.env['DBUS_SESSION_BUS_ADDRESS']) return null;
  const call = ['call', '--session', '--dest', name, '--object-path', path, '--method', method, ...args];
  try {
    const { stdout } = await run('gdbus', call, { timeout: 1000 });
    return stdout;
  } catch {
    // Each of these is an answer: nothing of the kind is on this desktop.
    return null;
  }
}
