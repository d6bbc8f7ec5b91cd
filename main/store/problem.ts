import type { Problem } from './rows.ts';

/** A stored problem. The column is written by `problemText` alone. */
export const parseProblem = (stored: string | null): Problem | null =>
  stored === null ? null : (JSON.parse(stored) as Problem);

export const problemText = (problem: Problem | null | undefined): string | null =>
  problem ? JSON.stringify({ code: problem.code, detail: problem.detail }) : null;
