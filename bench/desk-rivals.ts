/** What `npm run bench -- desk` runs: ours, and what people have without us, each a line of shell over the same parts. */
import { join } from 'node:path';
import { PROJECT } from '../tests/kit/programs.ts';

/** One of those that are compared. Its arguments: parts' folder, identity file, folder to write to, bundle, key folder. */
export interface Rival {
  readonly name: string;
  readonly script: string;
}

const NODE = `'${process.execPath}'`;
const DESK = `${NODE} --import '${join(PROJECT, 'bench/peak-memory.mjs')}' '${join(PROJECT, 'desk/main.ts')}'`;
const LIBRARY = `${NODE} --import '${join(PROJECT, 'bench/peak-memory.mjs')}' '${join(PROJECT, 'bench/library-decrypt.ts')}'`;

export const RIVALS = {
  age: {
    name: 'age -d | tar x',
    script: 'cd "$1" && for p in *.age; do age -d -i "$2" "$p" || exit 1; done | tar x -C "$3"',
  },
  library: { name: 'age-encryption | tar x', script: `${LIBRARY} "$2" "$1"/*.age | tar x -C "$3"` },
  extract: { name: 'desk extract', script: `${DESK} extract "$4" --keys "$5" --out "$3"` },
  sum: { name: 'cat | openssl sha256', script: 'cat "$1"/*.age | openssl dgst -sha256' },
  sums: { name: 'openssl sha256, two at a time', script: 'ls "$1"/*.age | xargs -P 2 -n 16 openssl dgst -sha256' },
  verify: { name: 'desk verify', script: `${DESK} verify "$4" --keys "$5"` },
} as const satisfies Record<string, Rival>;

export type RivalName = keyof typeof RIVALS;
