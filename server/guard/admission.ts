/** The gate for newcomers: who opens a parcel or a mailbox brings the work that the demand calls for. What is running never comes by here. */
import { Problem } from '../../shared/problem/problem.ts';
import type { Demand } from './demand.ts';
import type { Work } from './work.ts';

export interface Admission {
  /**
   * Lets a request of this text in, by what stands in its header of work, if anything does. Problem `work-required`, with a challenge, when more is
   * called for; Problem `server-busy` when even that is too much.
   */
  admit(header: string | readonly string[] | undefined, request: string): Promise<void>;
}

/** Work of so many levels below the present one is good: it was asked for by another process, or a moment ago. */
const LENIENCE = 2;
/** Work that was taken is remembered for so many newcomers, so that repeating it does not count as demand. */
const REMEMBERED = 8_192;

/** By this demand, with this work. */
export function createAdmission(demand: Demand, work: Work): Admission {
  const taken = new Set<string>();

  return {
    async admit(header, request) {
      const level = demand.level();
      if (level === 0) return demand.admitted();
      const value = typeof header === 'string' ? header : '';
      const proved = work.proved(value, request);
      if (proved === null || proved < level - LENIENCE) {
        demand.refused();
        throw new Problem('work-required', { work: await work.challenge(level, request) });
      }
      if (taken.has(value)) return;
      const [oldest = ''] = taken;
      if (taken.size === REMEMBERED) taken.delete(oldest);
      taken.add(value);
      demand.admitted();
    },
  };
}
