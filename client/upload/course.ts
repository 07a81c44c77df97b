/** What a sending works with while it runs: effects that come from outside, and what all of it shares. */
import type { Random } from '../../shared/bytes/random.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { Clock } from './clock.ts';
import type { Hashing } from './hashing.ts';
import type { HeldFiles } from './held-files.ts';
import type { Exchange, Link } from './link.ts';
import type { Sealing } from './sealing.ts';
import type { StateStore } from './submission-state.ts';
import type { Telling } from './telling.ts';
import type { Transport } from './transport.ts';

export interface Effects {
  readonly card: Card;
  readonly hashing: Hashing;
  readonly sealings: readonly Sealing[];
  /** Seals what the ledger says. */
  readonly provider: CipherProvider;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Course extends Effects {
  readonly link: Link;
  readonly exchange: () => Exchange;
  readonly store: StateStore;
  readonly telling: Telling;
  /** Is told of whoever can decide about files that cannot be read. */
  readonly onHeldFiles: (held: HeldFiles) => void;
}
