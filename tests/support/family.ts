import { readFileSync } from 'node:fs';

/** The processes that came of this one and run now, itself left out; of Linux. */
export function childrenOf(pid: number): number[] {
  const found = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const children = found === '' ? [] : found.split(' ').map(Number);
  return children.flatMap((child) => [child, ...childrenOf(child)]);
}

/** Whether it runs; one that has ended and that nobody has asked about does not. */
export function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return false;
    throw error;
  }
}
