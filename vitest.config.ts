/** The three sets of tests: `fast` (seconds, no processes), `flows` (whole stories over real programs), `browser` (real browsers). */
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** One file after the other, in a process of its own, with time for slow machines. */
const slow = {
  environment: 'node',
  fileParallelism: false,
  hookTimeout: 5 * MINUTE,
  testTimeout: 30 * MINUTE,
} as const;

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'fast',
          environment: 'node',
          include: [
            'tests/{shared,server,courier,desk,client,deploy}/**/*.test.{ts,tsx}',
            'tests/architecture.test.ts',
          ],
          hookTimeout: MINUTE,
          testTimeout: MINUTE,
        },
      },
      { test: { name: 'flows', include: ['tests/flows/**/*.test.ts'], ...slow } },
      { test: { name: 'browser', include: ['tests/browser/**/*.test.ts'], ...slow } },
    ],
  },
});
