/** Challenges and sessions of couriers: single use and short-lived; of a token only its hash is kept. */
import { createHash } from 'node:crypto';
import type { Random } from '../../shared/bytes/random.ts';
import type { Database } from './database.ts';

export const CHALLENGE_SECONDS = 120;
export const SESSION_SECONDS = 3600;

export interface SignIns {
  /** A fresh challenge of 32 bytes. */
  challenge(): Promise<Uint8Array>;
  /** Uses a challenge up; false when it is unknown, too old or used. */
  consume(challenge: Uint8Array): Promise<boolean>;
  /** A token of 32 bytes for a courier. */
  begin(courier: Uint8Array): Promise<Uint8Array>;
  /** The courier whose token this is, or null. */
  courier(token: Uint8Array): Promise<Uint8Array | null>;
}

/** Sign-ins in a database. */
export function openSignIns(database: Database, random: Random, now: () => Date): SignIns {
  const after = (seconds: number): Date => new Date(now().getTime() + seconds * 1000);
  return {
    async challenge() {
      const challenge = random(32);
      await database.run(
        (sql) => sql`
          with old as (delete from challenge where expires < ${now()})
          insert into challenge (challenge, expires) values (${challenge}, ${after(CHALLENGE_SECONDS)})`,
      );
      return challenge;
    },
    async consume(challenge) {
      const rows = await database.run(
        (sql) => sql`delete from challenge where challenge = ${challenge} and expires >= ${now()} returning 1`,
      );
      return rows.length === 1;
    },
    async begin(courier) {
      const token = random(32);
      await database.run(
        (sql) => sql`
          with old as (delete from session where expires < ${now()})
          insert into session (token_sha256, courier, expires) values (${hash(token)}, ${courier}, ${after(SESSION_SECONDS)})`,
      );
      return token;
    },
    async courier(token) {
      const [row] = await database.run(
        (sql) => sql<{ courier: Uint8Array }[]>`
          select courier from session where token_sha256 = ${hash(token)} and expires >= ${now()}`,
      );
      return row === undefined ? null : Uint8Array.from(row.courier);
    },
  };
}

function hash(token: Uint8Array): Uint8Array {
  return createHash('sha256').update(token).digest();
}
