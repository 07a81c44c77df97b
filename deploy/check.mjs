/** `npm run check`: format, lint, types, unused code and the fast tests. */
import { runStaticSteps, runTests, total } from './checks.mjs';

const { passed, failed } = total([runStaticSteps(), runTests('fast')]);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
