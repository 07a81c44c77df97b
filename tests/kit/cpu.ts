/** Processor time of processes as the kernel counts it. */
import { readFileSync } from 'node:fs';

/** Ticks a second in /proc, on every Linux that there is (USER_HZ). */
const TICKS = 100;

/** Seconds that a process and all its threads have used, in itself and in the kernel; 0 when it is gone. */
export function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}
