/** The content of a key folder that never was: fresh signing keys around the given identities. */
import type { Random } from '../../shared/bytes/random.ts';
import type { KeyContent } from '../keys/key-content.ts';
import type { DatedIdentity, Organisation } from '../keys/key-texts.ts';

/** Keys of a new organisation. */
export function freshContent(
  organisation: Organisation,
  identities: readonly DatedIdentity[],
  random: Random,
): KeyContent {
  return {
    organisation,
    root: { seed: random(32) },
    reply: { seed: random(32) },
    team: null,
    identities,
    cards: [],
  };
}
