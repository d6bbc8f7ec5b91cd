import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second in /proc: Linux has told programs 100 on every machine for decades. */
const TICKS = 100;

/** Why processes can't be looked into here; null when they can. */
export const usageMissing = (): string | null =>
  process.platform === 'linux' ? null : 'it reads /proc, which only Linux has';

/** What /proc/PID/stat says behind the name, which may hold anything; null for a process that has ended. */
function stat(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ESRCH'
    )
      return null;
    throw error;
  }
}

/** A process and all that came of it. */
export function family(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((name) => [Number(name), Number(stat(Number(name))?.[1] ?? 0)]));
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

/** Processor time that these have used, in ms of one core. */
export const processorTime = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const [user, system] = stat(pid)?.slice(11, 13) ?? [];
    return sum + ((Number(user ?? 0) + Number(system ?? 0)) / TICKS) * 1000;
  }, 0);

/** Resident memory of a process, MB. */
export function resident(pid: number): number {
  const [, kB] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kB) / 1024;
}

/** The biggest of Chromium's processes that show pages: the one with the app. */
export function rendererOf(browser: number): number {
  const renderers = family(browser).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'),
  );
  const [biggest] = renderers.toSorted((a, b) => resident(b) - resident(a));
  if (biggest === undefined) throw new Error('the browser shows no page');
  return biggest;
}
