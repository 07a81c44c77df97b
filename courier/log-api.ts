/** The server's log of receipts as couriers ask for it: the newest checkpoint, and the roots of its tiles. */
import { concat } from '../shared/bytes/concat.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { LOG_CHECKPOINT_ROUTE, LOG_TILES_ROUTE } from '../shared/protocol/routes.ts';
import { MAX_NOTE_LENGTH } from '../shared/statements/note.ts';
import { formatTilePath, HASH_LENGTH, TILE_WIDTH } from '../shared/tlog/tile-path.ts';
import { Away, persist } from './away.ts';
import type { Patience } from './away.ts';
import { Halt } from './halt.ts';
import { readText } from './http.ts';
import type { Session } from './session.ts';

export interface LogApi {
  /** The note of the newest checkpoint, not yet believed; null where nothing is published. */
  checkpoint(): Promise<string | null>;
  /** Roots of the first tiles of level 0, so many. Halt `server-strange` when the server does not have them. */
  roots(tiles: number): Promise<Uint8Array[]>;
}

export function createLogApi(session: Session, patience: Patience): LogApi {
  const tile = (path: string): Promise<Uint8Array> =>
    persist(patience, async () => {
      const answer = await session.send({ method: 'GET', path: `${LOG_TILES_ROUTE}/${path}` });
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of answer.body) {
        length += piece.length;
        if (length > TILE_WIDTH * HASH_LENGTH) {
          answer.discard();
          throw new Away('it answers with bytes that were not asked for');
        }
        pieces.push(piece);
      }
      return concat(...pieces);
    });

  return {
    async checkpoint() {
      try {
        return await persist(patience, async () =>
          readText(await session.send({ method: 'GET', path: LOG_CHECKPOINT_ROUTE }), MAX_NOTE_LENGTH),
        );
      } catch (error) {
        if (isProblem(error, 'not-found')) return null;
        throw error;
      }
    },
    async roots(tiles) {
      const roots: Uint8Array[] = [];
      for (let number = 0; roots.length < tiles; number++) {
        const width = Math.min(TILE_WIDTH, tiles - roots.length);
        const bytes = await tile(formatTilePath({ level: 1, number, width }));
        if (bytes.length !== width * HASH_LENGTH)
          throw new Halt('server-strange', 'A tile of the server’s log is not as long as it must be.');
        for (let i = 0; i < width; i++) roots.push(bytes.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH));
      }
      return roots;
    },
  };
}
