/** The steps of `npm run check` and `npm test`, and how their results are counted: one line a step, the output only on failure. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from './project.mjs';
import { runAside, runQuietly, runShown } from './tool.mjs';

/** @typedef {{ passed: number, failed: number, failures?: string[] | undefined }} Count */

/** @type {readonly (readonly [step: string, tool: string, args: readonly string[]])[]} */
const STATIC_STEPS = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['-b']],
  ['unused code', 'knip', ['--no-progress', '--no-config-hints']],
];

/** Format, lint, types, unused code; each counts as one. @returns {Count} */
export function runStaticSteps() {
  let failed = 0;
  for (const [step, tool, args] of STATIC_STEPS) {
    const startedAt = Date.now();
    const { code, output } = runQuietly(tool, args);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${step} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    if (code === 0) continue;
    failed += 1;
    console.log(output.trimEnd());
  }
  return { passed: STATIC_STEPS.length - failed, failed };
}

/** @typedef {'fast' | 'flows' | 'browser'} TestSet */

/**
 * Runs one set of tests with its output shown. A file that does not load, or an error outside of any test, counts as one
 * failure, as does a run that leaves no report.
 * @param {TestSet} set
 * @returns {Count}
 */
export function runTests(set) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-tests-'));
  try {
    return countOf(runShown('vitest', vitestArguments(set, folder)), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs `aside` beside `first`, giving way to it: the browsers of one leave half of the machine idle. What it printed is shown after
 * that of `first`. Counted as `runTests` does.
 * @param {TestSet} first
 * @param {TestSet} aside
 * @returns {Promise<Count[]>}
 */
export async function runTestsTogether(first, aside) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-tests-'));
  const output = openSync(join(folder, 'output.txt'), 'w+');
  try {
    const ended = runAside('vitest', vitestArguments(aside, folder), output);
    const count = runTests(first);
    const code = await ended;
    process.stdout.write(readFileSync(join(folder, 'output.txt')));
    return [count, countOf(code, folder)];
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {TestSet} set @param {string} folder */
const vitestArguments = (set, folder) => [
  'run',
  '--project',
  set,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(folder, 'report.json')}`,
];

/** @param {number} code @param {string} folder @returns {Count} */
function countOf(code, folder) {
  const { passed, failed, failures } = readReport(join(folder, 'report.json'));
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), failures };
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, message?: string, assertionResults: Assertion[] }} TestFile
 */

/** @param {string} path @returns {Count} */
function readReport(path) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
    const broken = testResults.filter(isBroken);
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken.length,
      failures: [
        ...broken.map((/** @type {TestFile} */ { name, message }) => `${relative(ROOT, name)}\n${message ?? ''}`),
        ...testResults.flatMap(failuresOf),
      ],
    };
  } catch {
    console.log(`There is no report of the tests in ${ROOT}.`);
    return { passed: 0, failed: 1 };
  }
}

/** A file that failed with no test of it failing: it did not load. @param {TestFile} file */
const isBroken = (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed');

/** @param {TestFile} file @returns {string[]} */
const failuresOf = ({ name, assertionResults }) =>
  assertionResults
    .filter(({ status }) => status === 'failed')
    .map(
      ({ fullName, failureMessages }) => `${relative(ROOT, name)} > ${fullName}\n${(failureMessages ?? []).join('\n')}`,
    );

/** @param {readonly Count[]} counts @returns {Count} */
export const total = (counts) => ({
  passed: counts.reduce((sum, count) => sum + count.passed, 0),
  failed: counts.reduce((sum, count) => sum + count.failed, 0),
  failures: counts.flatMap(({ failures }) => failures ?? []),
});
