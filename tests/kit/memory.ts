/** Resident memory of processes as the kernel counts it, and who is whose child. */
import { readFileSync, readdirSync } from 'node:fs';

export interface Memory {
  readonly pid: number;
  /** Bytes resident now: VmRSS, shared pages of program files included. */
  readonly resident: number;
  /** Of these, memory that is the process's own. */
  readonly own: number;
  /** The most that was ever resident: VmHWM. */
  readonly peak: number;
}

/** A process's memory, or null when it is gone. */
export function memoryOf(pid: number): Memory | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { pid, resident: field('VmRSS'), own: field('RssAnon'), peak: field('VmHWM') };
  } catch {
    return null;
  }
}

/** Bytes that a process takes now, of what it shares only its share (PSS): the sum over processes counts nothing twice. */
export function shareOf(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** All processes below `root`, with their command lines. */
export function processesBelow(root: number): { readonly pid: number; readonly command: string }[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      continue;
    }
  }
  const found: { pid: number; command: string }[] = [];
  const queue = [...(children.get(root) ?? [])];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    queue.push(...(children.get(pid) ?? []));
    try {
      found.push({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') });
    } catch {
      continue;
    }
  }
  return found;
}

/** `kill -9` of a process and of all below it. */
export function killAll(root: number): void {
  for (const pid of [root, ...processesBelow(root).map(({ pid }) => pid)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
}
