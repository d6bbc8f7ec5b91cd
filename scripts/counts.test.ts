import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeFolder, temporaryFolder } from '../tests/support/folders.ts';
import { failuresOf } from './testing/counts.mjs';

describe('what failed', () => {
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder('counts');
  });

  afterEach(() => {
    removeFolder(folder);
  });

  const reported = (report: unknown): string => {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify(report));
    return file;
  };

  it('is read from a report of vitest, also a file that could not begin', () => {
    const one = (status: string, fullName: string) => ({
      status,
      fullName,
      failureMessages: ['AssertionError: expected 1 to be 2\n    at a.test.ts:2:31'],
    });
    const file = reported({
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [one('failed', 'a counts'), one('passed', 'b')],
        },
        { name: 'c.test.ts', status: 'failed', message: 'cannot begin', assertionResults: [] },
        { name: 'd.test.ts', status: 'passed', assertionResults: [one('passed', 'd')] },
      ],
    });
    expect(failuresOf('vitest', file)).toEqual([
      'a.test.ts › a counts: AssertionError: expected 1 to be 2',
      'c.test.ts › (the whole file): cannot begin',
    ]);
  });

  it('is read from the nested suites of Playwright, without its colours', () => {
    const spec = (title: string, status: string) => ({
      file: 'a.spec.ts',
      title,
      tests: [
        { status, results: [{ error: { message: '\u001b[31mError: too late\u001b[39m\nCall log' } }, {}] },
      ],
    });
    const file = reported({
      suites: [
        {
          specs: [spec('outside', 'expected')],
          suites: [{ specs: [spec('inside', 'unexpected'), spec('at times', 'flaky')] }],
        },
      ],
    });
    expect(failuresOf('playwright', file)).toEqual([
      'a.spec.ts › inside: Error: too late',
      'a.spec.ts › at times: Error: too late',
    ]);
  });

  it('is nothing where there is no report', () => {
    expect(failuresOf('vitest', join(folder, 'none.json'))).toEqual([]);
  });
});
