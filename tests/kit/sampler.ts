/** The most memory that some processes ever had resident, looked at a few times a second. */
import type { Memory } from './memory.ts';

export interface Sampler {
  /** The look with most bytes resident so far, by name. */
  readonly highest: ReadonlyMap<string, Memory>;
  stop(): void;
}

/** Watches what each of `sources` gives; a process that is not there counts for nothing. */
export function watchMemory(sources: Readonly<Record<string, () => Memory | null>>, everyMs = 250): Sampler {
  const highest = new Map<string, Memory>();
  const look = () => {
    for (const [name, source] of Object.entries(sources)) {
      const memory = source();
      if (memory !== null && memory.resident > (highest.get(name)?.resident ?? 0)) highest.set(name, memory);
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return { highest, stop: () => clearInterval(timer) };
}
