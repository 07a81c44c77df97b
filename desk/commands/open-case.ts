/** What every command about a bundle begins with: keys, bundle, the card in it, and which parcels are meant. */
import type { Card } from '../../shared/statements/card.ts';
import { readBundle } from '../case/bundle.ts';
import type { Bundle } from '../case/bundle.ts';
import { createFindings } from '../case/findings.ts';
import type { Findings } from '../case/findings.ts';
import { trustedCard, trustedReceiptKeys } from '../case/trust.ts';
import { clockDoubt } from '../custody/clock.ts';
import { Failure } from '../failure.ts';
import { isOpenToOthers, readKeyFolder } from '../keys/key-folder.ts';
import type { Keys } from '../keys/key-folder.ts';
import { openKeysText } from '../text.ts';
import type { DeskContext, Options } from './command.ts';

/** See above. `findings` are about the bundle as a whole. */
export interface Case {
  readonly keys: Keys;
  readonly identities: readonly string[];
  readonly bundle: Bundle;
  /** Null when there is none that our root key signed. */
  readonly card: Card | null;
  readonly receiptKeys: readonly Uint8Array[];
  readonly findings: Findings;
  readonly parcels: readonly string[];
}

/** Opens the bundle that is the operand with the keys of `--keys`; warns when its card and this machine's clock cannot both be right. Failures of keys and bundle; `parcel-id`. */
export async function openCase({ operands, values }: Options, context: DeskContext): Promise<Case> {
  const folder = values.get('keys')!;
  const keys = await readKeyFolder(folder, context);
  if (await isOpenToOthers(folder)) context.warn(openKeysText(folder));
  const bundle = await readBundle(operands[0]!);
  const findings = createFindings();
  const card = await trustedCard(bundle.card, keys, findings);
  const doubt = clockDoubt(context.now(), { card, receiptDays: [] });
  if (doubt !== null) context.warn(doubt);
  return {
    keys,
    identities: keys.identities.map(({ identity }) => identity),
    bundle,
    card,
    receiptKeys: trustedReceiptKeys(card, keys),
    findings,
    parcels: chosenParcels(bundle, values.get('parcel') ?? values.get('to')),
  };
}

/** The parcels that are meant: all, or the one whose id begins with `start`. Failure `parcel-id`. */
export function chosenParcels({ parcels }: Bundle, start: string | undefined): readonly string[] {
  if (start === undefined) return parcels;
  const matching = parcels.filter((parcel) => parcel.startsWith(start));
  if (matching.length !== 1) throw new Failure('parcel-id', { parcel: start });
  return matching;
}
