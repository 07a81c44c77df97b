/** Folders for a test that are gone after it. */
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** A fresh folder, removed at the end of the `await using` block. Other accounts may pass through it (PostgreSQL runs under its own). */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'postern-test-'));
  await chmod(path, 0o711);
  const options = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;
  const atExit = () => {
    rmSync(path, options);
  };
  process.once('exit', atExit);
  return {
    path,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', atExit);
      await rm(path, options);
    },
  };
}
