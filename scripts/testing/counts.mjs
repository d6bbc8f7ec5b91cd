// What a runner's JSON report says, in three numbers.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {'vitest' | 'playwright'} runner
 * @param {string} file its report
 * @param {number} status its exit status: a run that failed has at least one failure, even if no case says so
 * @returns {Counts}
 */
export function countsOf(runner, file, status) {
  const read = existsSync(file) ? readers[runner](JSON.parse(readFileSync(file, 'utf8'))) : none;
  return status !== 0 && read.failed === 0 ? { ...read, failed: 1 } : read;
}

/** @type {Counts} */
const none = { passed: 0, failed: 0, skipped: 0 };

const readers = {
  vitest: (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }),
  // A flaky one failed, whatever a second attempt said.
  playwright: ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }),
};

/** @param {Counts[]} all */
export const sum = (all) =>
  all.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    none,
  );

/** @param {Counts} counts */
export const inWords = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
