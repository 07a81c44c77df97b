/** `npm test`: from a fresh checkout, everything: what the tests need from the machine, the checks, the flows, the browsers. */
import { bootstrap } from './bootstrap.mjs';
import { runStaticSteps, runTests, runTestsTogether, total } from './checks.mjs';
import { installMachinePackages } from './machine.mjs';
import { secondTry } from './second-try.mjs';

/** @returns {Promise<import('./checks.mjs').Count[]>} */
async function runAll() {
  try {
    bootstrap();
  } catch (error) {
    console.error(`Postern cannot be set up: ${error instanceof Error ? error.message : String(error)}`);
    return [{ passed: 0, failed: 1 }];
  }
  const machine = installMachinePackages() ? [] : [{ passed: 0, failed: 1 }];
  return [...machine, runStaticSteps(), runTests('fast'), ...(await runTestsTogether('browser', 'flows'))];
}

const first = total(await runAll());
// Once more at the end: what failed early is far above, behind the output of thousands of tests.
for (const failure of first.failures) console.log(`\nFAILED  ${failure}`);
const { passed, failed } = total([first, secondTry(first)]);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
