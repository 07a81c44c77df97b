/** Which mailboxes opened the parcels of the bundle: found out in its order, in the background, from the openings alone. */
import type { Bundle } from '../case/bundle.ts';
import { mailboxOf } from '../case/parcels-of.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';

/** The conversation of parcels of which it is not proved who opened them. */
export const UNPROVED = 'unproved';
/** Envelopes read at once. */
const AT_ONCE = 8;

export interface Mailboxes {
  /** Conversations in the order of their first parcels; those of no proved mailbox last, once all have been looked at. */
  ids(): readonly string[];
  /** Parcels of one; null for one that is not known (yet). */
  parcelsOf(id: string): readonly string[] | null;
  reading(): { readonly done: number; readonly total: number } | null;
  /** Fulfilled when something was found since the call, or all has been. */
  changed(): Promise<void>;
}

/** Starts to look. `report` is told of a mistake of ours. */
export function findMailboxes(bundle: Bundle, report: (error: unknown) => void): Mailboxes {
  const found = new Map<string, string[]>();
  const unproved: string[] = [];
  const total = bundle.parcels.length;
  let order: string[] = [];
  let done = 0;
  let waiting = Promise.withResolvers<void>();

  function tell(): void {
    waiting.resolve();
    waiting = Promise.withResolvers<void>();
  }

  async function look(): Promise<void> {
    while (done < total) {
      const some = bundle.parcels.slice(done, done + AT_ONCE);
      const owners = await Promise.all(some.map((parcel) => mailboxOf(bundle, parcel)));
      for (const [i, owner] of owners.entries()) {
        if (owner === null) {
          unproved.push(some[i]!);
          continue;
        }
        const id = toBase64Url(owner);
        const known = found.get(id);
        if (known !== undefined) known.push(some[i]!);
        else {
          found.set(id, [some[i]!]);
          order.push(id);
        }
      }
      done += some.length;
      if (done === total && unproved.length > 0) order = [...order, UNPROVED];
      tell();
    }
  }
  look()
    .catch(report)
    .finally(() => {
      done = total;
      tell();
    });

  return {
    ids: () => order,
    parcelsOf: (id) => (id === UNPROVED ? (unproved.length > 0 ? unproved : null) : (found.get(id) ?? null)),
    reading: () => (done === total ? null : { done, total }),
    changed: () => (done === total ? Promise.resolve() : waiting.promise),
  };
}
