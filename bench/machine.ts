/** What the figures were taken on. */
import { cpus, release, totalmem, type } from 'node:os';
import { bytesInWords } from '../courier/text.ts';

/** One line: processor, cores, memory, system, Node. */
export function machineInWords(): string {
  const processors = cpus();
  const model = processors[0]?.model.replace(/\s+/g, ' ').trim() || 'unknown processor';
  return `${model}, ${processors.length} cores, ${bytesInWords(totalmem())}, ${type()} ${release()}, Node ${process.versions.node}`;
}
