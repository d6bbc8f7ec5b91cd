// What a runner's JSON report says: three numbers, and what failed.
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { root } from '../setup.mjs';

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

/**
 * What failed, by file and title: a run prints thousands of lines, and the failure is somewhere in them.
 * @param {'vitest' | 'playwright'} runner
 * @param {string} file its report
 * @returns {string[]} one line each, the first line of its message at the end
 */
export function failuresOf(runner, file) {
  return existsSync(file) ? failed[runner](JSON.parse(readFileSync(file, 'utf8'))) : [];
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

const failed = {
  vitest: ({ testResults = [] }) =>
    testResults.flatMap(({ name, assertionResults, status, message }) => {
      const cases = assertionResults.filter((one) => one.status === 'failed');
      // A file that could not be read or prepared has no case that failed.
      if (cases.length === 0) return status === 'failed' ? [line(name, '(the whole file)', message)] : [];
      return cases.map((one) => line(name, one.fullName, one.failureMessages?.[0]));
    }),
  playwright: ({ suites = [] }) => suites.flatMap(failedSpecs),
};

/** Playwright's suites are nested: files, then groups in them. */
function failedSpecs({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => {
        const said = results.find(({ error }) => error !== undefined)?.error?.message;
        return line(file, title, said);
      }),
  );
  return [...own, ...suites.flatMap(failedSpecs)];
}

function line(file, title, message) {
  // eslint-disable-next-line no-control-regex -- Playwright colours its messages
  const plain = (message ?? '').replace(/\u001b\[[0-9;]*m/g, '');
  const first = plain.split('\n').find((text) => text.trim() !== '') ?? 'no message';
  const where = isAbsolute(file) ? relative(root, file) : file;
  return `${where} › ${title}: ${first.trim().slice(0, 300)}`;
}

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
