/** A file that cannot be read holds the reading up until the person shows it again or goes on without it. */
import type { Midstate } from '../../shared/crypto/streaming-sha256.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Clock } from './clock.ts';
import type { Hashing } from './hashing.ts';
import type { Decision, HeldFile } from './part-reader.ts';
import { replay, sameMidstate } from './replay.ts';

export interface HeldFilesInput {
  /** Path, size and modification time of a payload file, as they were when it was chosen, and the file. */
  readonly chosen: (index: number) => Chosen;
  readonly hashing: Hashing;
  readonly clock: Clock;
  /** Resolves when all earlier parts have been hashed, with where the hash of the file stands that goes on behind them. */
  readonly hashed: () => Promise<Midstate | null>;
  /** Null: nothing is held any more. */
  readonly onHeld: (held: { readonly code: ProblemCode; readonly path: string } | null) => void;
  /** This file goes into the bag incomplete. */
  readonly onGivenUp: (path: string) => void;
}

export interface Chosen {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly file: Blob;
}

/** See {@link createHeldFiles}. */
export interface HeldFiles {
  /** What to do about a file that cannot be read: the answer may be long in coming. */
  readonly decide: (held: HeldFile) => Promise<Decision>;
  continueWithout(path: string): void;
  /** Gives up every file that cannot be read, this one and those to come. */
  continueWithoutAll(): void;
  /** Reads the held file once more: its disk may be back. */
  tryAgain(): void;
  /** False when it cannot be the file that is held. Whether its first part is the same is found out after that. */
  replaceFile(path: string, file: File): boolean;
}

type Said = { readonly kind: 'zeros' } | { readonly kind: 'again' } | { readonly kind: 'file'; readonly file: File };

/** One file at a time is held. */
export function createHeldFiles(input: HeldFilesInput): HeldFiles {
  let waiting: { readonly chosen: Chosen; readonly say: (said: Said) => void } | null = null;
  let giveUpAll = false;

  function ask(chosen: Chosen, code: ProblemCode): Promise<Said> {
    return new Promise((resolve) => {
      const say = (said: Said): void => {
        waiting = null;
        input.onHeld(null);
        resolve(said);
      };
      waiting = { chosen, say };
      input.onHeld({ code, path: chosen.path });
    });
  }

  /** The trouble with another copy of a file, of which `before` bytes were sent: null when those are the same. */
  async function compare(file: File, before: number): Promise<ProblemCode | null> {
    if (before === 0) return null;
    const sent = await input.hashed();
    const { hashing, clock } = input;
    const replayed = await replay({ file, to: before, hashing, clock });
    if (replayed.kind === 'failed') return codeOf(replayed.reason);
    return replayed.kind === 'midstate' && sameMidstate(replayed.midstate, sent) ? null : 'file-changed';
  }

  return {
    async decide({ index, before, reason }) {
      const chosen = input.chosen(index);
      let code: ProblemCode | null = codeOf(reason);
      while (code !== null) {
        const said: Said = giveUpAll ? { kind: 'zeros' } : await ask(chosen, code);
        if (said.kind === 'again') return { kind: 'file', file: chosen.file };
        if (said.kind === 'zeros') {
          input.onGivenUp(chosen.path);
          return said;
        }
        code = await compare(said.file, before);
        if (code === null) return said;
      }
      return { kind: 'zeros' };
    },
    continueWithout(path) {
      if (waiting?.chosen.path === path) waiting.say({ kind: 'zeros' });
    },
    continueWithoutAll() {
      giveUpAll = waiting !== null;
      waiting?.say({ kind: 'zeros' });
    },
    tryAgain() {
      waiting?.say({ kind: 'again' });
    },
    replaceFile(path, file) {
      if (waiting?.chosen.path !== path) return false;
      const { size, modified } = waiting.chosen;
      if (file.size !== size || file.lastModified !== modified) return false;
      waiting.say({ kind: 'file', file });
      return true;
    },
  };
}

function codeOf(reason: HeldFile['reason']): ProblemCode {
  return reason === 'short' ? 'file-changed' : 'file-unreadable';
}
