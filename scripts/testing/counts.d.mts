/** What failed, by file and title, from a runner's JSON report. */
export function failuresOf(runner: 'vitest' | 'playwright', file: string): string[];
