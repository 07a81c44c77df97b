/** `npm test`: from a fresh checkout, everything: what the tests need from the machine, the checks, the flows, the browsers. */
import { bootstrapOrExit } from './bootstrap.mjs';
import { runStaticSteps, runTests, total } from './checks.mjs';
import { installMachinePackages } from './machine.mjs';

bootstrapOrExit();
const machine = installMachinePackages() ? [] : [{ passed: 0, failed: 1 }];
const counts = [...machine, runStaticSteps(), runTests('fast'), runTests('flows'), runTests('browser')];
const { passed, failed } = total(counts);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
