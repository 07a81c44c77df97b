/** Who acts at this desk, and the logs of the cases: what every command that touches a parcel begins with. */
import { join } from 'node:path';
import type { Card } from '../../shared/statements/card.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { FORBIDDEN_IN_FIELDS } from '../../shared/statements/fields.ts';
import type { DeskContext, Options } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import type { Keys } from '../keys/key-folder.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';
import { openCaseLog } from './case-log.ts';
import type { CaseLog, NewEvent } from './case-log.ts';
import { clockDoubt } from './clock.ts';

/** See {@link startSession}. */
export interface Session {
  readonly role: string;
  /** Opens the log of a parcel. `received` is the day on its receipt, where one holds. */
  openLog(parcel: string, received?: string | null): Promise<CaseLog>;
  /** Adds one event to the log of a parcel. */
  record(parcel: string, received: string | null, event: NewEvent): Promise<void>;
  doubt(received?: string | null): string | null;
}

const ROLE_LENGTH = 60;

/** Options `--cases` (where the logs are; default: in the key folder) and `--role`. Failure `role`. */
export async function startSession(
  { keys, card, sealTo = keys.identities }: { keys: Keys; card: Card | null; sealTo?: readonly DatedIdentity[] },
  { values }: Options,
  { now, random }: DeskContext,
): Promise<Session> {
  const role = values.get('role') ?? 'staff';
  if (role.trim() !== role || role.length > ROLE_LENGTH || FORBIDDEN_IN_FIELDS.test(role)) throw new Failure('role');
  const cases = values.get('cases') ?? join(values.get('keys')!, 'cases');
  const { desk: device } = await openDeskStatement(keys.deskNote, keys.root.publicKey);
  const doubtAt = (date: Date, received: string | null) =>
    clockDoubt(date, { card, receiptDays: received === null ? [] : [received] });
  const openLog = (parcel: string, received: string | null = null) =>
    openCaseLog({
      cases,
      parcel,
      keys,
      sealTo,
      now,
      random,
      device,
      actor: role,
      doubt: (date) => doubtAt(date, received),
    });
  return {
    role,
    openLog,
    record: async (parcel, received, event) => (await openLog(parcel, received)).append(event),
    doubt: (received = null) => doubtAt(now(), received),
  };
}
