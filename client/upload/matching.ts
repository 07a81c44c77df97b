/** Finds the files of an unfinished parcel among those that are chosen: by what is in them first, then by their names. No effects. */
import { toHex } from '../../shared/bytes/hex.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { openEntry } from '../../shared/ledger/entry.ts';
import type { LedgerFile } from '../../shared/ledger/entry.ts';
import { fileKey } from '../../shared/ledger/file-key.ts';
import type { Head } from '../../shared/ledger/head-text.ts';
import { listKey } from '../../shared/ledger/list-key.ts';
import { recoverKeys } from '../../shared/ledger/parity.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import { assign } from './assign.ts';
import type { PickedFile } from './submission-types.ts';

export interface MatchingInput {
  readonly head: Head;
  readonly ledgerKey: Uint8Array;
  readonly parcel: string;
  readonly provider: CipherProvider;
}

/** All that the files of a parcel tell, once they are known by name. */
export interface KnownFiles {
  /** In the order of the list. */
  readonly entries: readonly LedgerFile[];
  readonly listKey: Uint8Array;
}

/** See {@link createMatching}. */
export interface Matching {
  /** False when the file is none of the parcel's. One that was offered before changes nothing. Problem `ledger-damaged`. */
  offer(pick: PickedFile, fingerprint: Uint8Array): Promise<boolean>;
  /** How many files of the parcel were found. */
  matched(): number;
  /** Null while more are missing than can be told by name. Problem `ledger-damaged`. */
  known(): Promise<KnownFiles | null>;
  /** The chosen file for each of the parcel's; null for those that are missing. */
  picked(): (PickedFile | null)[];
}

/** Files of equal size and equal samples. */
interface Group {
  /** Their places in the list. */
  readonly places: number[];
  /** Null until one of them was chosen, or it was recovered. */
  key: Uint8Array | null;
  readonly candidates: Map<string, PickedFile>;
}

/** Opens each entry when its file is there. */
export function createMatching({ head, ledgerKey, parcel, provider }: MatchingInput): Matching {
  const groups = new Map<string, Group>();
  const groupAt: Group[] = [];
  head.files.forEach(({ tag }, place) => {
    const name = toHex(tag);
    const group: Group = groups.get(name) ?? { places: [], key: null, candidates: new Map() };
    groups.set(name, group);
    group.places.push(place);
    groupAt.push(group);
  });
  const entries: LedgerFile[] = [];
  let matched = 0;

  async function open(group: Group, key: Uint8Array): Promise<void> {
    for (const index of group.places)
      entries[index] = await openEntry(head.files[index]!.entry, { key, index, parcel, provider });
    group.key = key;
  }

  /** Small files of one group are equal to the last byte: any of them will do for all. */
  function matchedIn({ places, candidates }: Group): number {
    const [some] = candidates.values();
    const enough = some !== undefined && some.file.size <= SAMPLED;
    return enough ? places.length : Math.min(places.length, candidates.size);
  }

  return {
    async offer(pick, fingerprint) {
      const { tag, key } = await fileKey({ ledgerKey, parcel, fingerprint });
      const group = groups.get(toHex(tag));
      if (group === undefined) return false;
      if (group.key === null) await open(group, key);
      matched -= matchedIn(group);
      group.candidates.set(`${pick.path}\0${pick.file.lastModified}`, pick);
      matched += matchedIn(group);
      return true;
    },
    matched: () => matched,
    async known() {
      const lacking = [...groups.values()].filter(({ key }) => key === null);
      if (lacking.length > head.parity.length) return null;
      let keys = groupAt.map(({ key }) => key);
      if (lacking.length > 0) {
        const recovered = recoverKeys(
          head.files.map(({ tag }, place) => ({ tag, key: keys[place]! })),
          head.parity,
        );
        if (recovered === null) return null;
        for (const group of lacking) await open(group, recovered[group.places[0]!]!);
        keys = recovered;
      }
      return { entries, listKey: await listKey({ ledgerKey, parcel, keys: keys as Uint8Array[] }) };
    },
    picked() {
      const picked: (PickedFile | null)[] = groupAt.map(() => null);
      for (const { places, candidates } of groups.values()) {
        const chosen = assign(
          places.map((place) => entries[place]!),
          [...candidates.values()],
        );
        places.forEach((place, i) => (picked[place] = chosen[i]!));
      }
      return picked;
    },
  };
}
