/** The steps of `npm run check` and `npm test`, and how their results are counted: one line a step, the output only on failure. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from './project.mjs';
import { runAside, runQuietly, runShown } from './tool.mjs';

/**
 * `failures` says what failed, in words; `files` are those with a failed test in them.
 * @typedef {{ passed: number, failed: number, failures?: string[], files?: FailedFile[] }} Count
 * @typedef {{ set: TestSet, path: string, passed: number, failed: number }} FailedFile
 */

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
 * @param {readonly string[]} [only] these files of it; none: all
 * @returns {Count}
 */
export function runTests(set, only = []) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-tests-'));
  try {
    return countOf(runShown('vitest', [...vitestArguments(set, folder), ...only]), { set, folder });
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
    return [count, countOf(code, { set: aside, folder })];
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
  // Each of the others is one file after the other anyway.
  ...(set === 'fast' ? ['--maxWorkers=100%'] : []),
];

/** @param {number} code @param {{ set: TestSet, folder: string }} run @returns {Count} */
function countOf(code, { set, folder }) {
  const count = readReport(set, join(folder, 'report.json'));
  return { ...count, failed: code === 0 ? count.failed : Math.max(count.failed, 1) };
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, message?: string, assertionResults: Assertion[] }} TestFile
 */

/** @param {TestSet} set @param {string} path @returns {Count} */
function readReport(set, path) {
  /** @type {{ numPassedTests: number, testResults: TestFile[] }} */
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    console.log(`There is no report of the tests in ${ROOT}.`);
    return { passed: 0, failed: 1 };
  }
  const failedFiles = report.testResults.filter(({ status }) => status === 'failed');
  const files = failedFiles.map((file) => ({
    set,
    path: relative(ROOT, file.name),
    passed: countStatus(file, 'passed'),
    failed: Math.max(1, countStatus(file, 'failed')),
  }));
  return {
    passed: report.numPassedTests,
    failed: files.reduce((sum, { failed }) => sum + failed, 0),
    failures: failedFiles.flatMap(failuresOf),
    files,
  };
}

/** @param {TestFile} file @param {'passed' | 'failed'} status */
const countStatus = (file, status) => file.assertionResults.filter((each) => each.status === status).length;

/** What failed in a file; one that failed with no test of it failing did not load. @param {TestFile} file @returns {string[]} */
function failuresOf({ name, message, assertionResults }) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [`${relative(ROOT, name)}\n${message ?? ''}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${relative(ROOT, name)} > ${fullName}\n${(failureMessages ?? []).join('\n')}`,
  );
}

/** @param {readonly Count[]} counts @returns {Required<Count>} */
export const total = (counts) => ({
  passed: counts.reduce((sum, count) => sum + count.passed, 0),
  failed: counts.reduce((sum, count) => sum + count.failed, 0),
  failures: counts.flatMap(({ failures }) => failures ?? []),
  files: counts.flatMap(({ files }) => files ?? []),
});
