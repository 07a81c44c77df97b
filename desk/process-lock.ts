/** A lock file that names the process which holds it, so that what a killed process left behind stands in nobody's way. */
import { open, unlink } from 'node:fs/promises';
import { READ_ONLY } from './read-only.ts';
import { writeNew } from './durable.ts';
import { systemCode } from './failure.ts';

/** Takes the lock at `path`; false when a process that runs has it. Errors of the file system are passed on. */
export async function takeLock(path: string): Promise<boolean> {
  if (await create(path)) return true;
  if (await isHeld(path)) return false;
  // One at a time clears away what a dead process left, and looks once more before it does.
  const clearing = `${path}.clearing`;
  if (!(await create(clearing))) return false;
  try {
    if (await isHeld(path)) return false;
    await unlink(path);
  } finally {
    await unlink(clearing);
  }
  return create(path);
}

/** Gives a lock back. */
export function releaseLock(path: string): Promise<void> {
  return unlink(path);
}

/** The process that a file names; null when it names none. */
export async function ownerIn(path: string): Promise<number | null> {
  const text = await readStart(path).catch(() => '');
  return /^[1-9]\d{0,9}\n$/.test(text) ? Number(text) : null;
}

/** True while a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** More than a number has; on a bundle, what stands under that name may be anything. */
const LOOK = 16;

async function readStart(path: string): Promise<string> {
  const file = await open(path, READ_ONLY);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LOOK), 0, LOOK, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeNew(path, `${process.pid}\n`);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A lock that names no process may be one that is being made. */
async function isHeld(path: string): Promise<boolean> {
  const owner = await ownerIn(path);
  return owner === null || isAlive(owner);
}
