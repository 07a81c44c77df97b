/** The report that lies in a bag, believed only when a desk of ours signed it. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { openCard } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { readFields } from '../../shared/statements/fields.ts';
import { openNote } from '../../shared/statements/note.ts';
import { readPlain } from '../read-only.ts';
import { Failure, systemCode } from '../failure.ts';
import type { Report } from './report-data.ts';
import { sha256Hex } from './report-note.ts';

export interface EarlierReport {
  readonly report: Report;
  readonly sha256: string;
  /** The signed note under it. */
  readonly note: Uint8Array;
  readonly card: Card | null;
  /** card.note and envelope.json, as far as they are there. */
  readonly statements: ReadonlyMap<string, string>;
}

const MOST = 1024 * 1_048_576;

/** Failures `bag-without-report`, `bag-report-untrusted`. */
export async function readEarlierReport(bag: string, root: Uint8Array): Promise<EarlierReport> {
  const custody = join(bag, 'custody');
  // Through a link the new report would be written elsewhere.
  const place = await lstat(custody).catch(() => null);
  if (place?.isDirectory() !== true) throw new Failure('bag-without-report', { folder: bag });
  const json = await read(join(custody, 'report.json'));
  const note = await read(join(custody, 'report.note'));
  const desk = await read(join(custody, 'desk.note'));
  if (json === null || note === null || desk === null) throw new Failure('bag-without-report', { folder: bag });
  const statements = new Map<string, string>();
  for (const name of ['card.note', 'envelope.json']) {
    const bytes = await read(join(custody, name));
    if (bytes !== null) statements.set(name, utf8Decode(bytes));
  }
  try {
    const { key } = await openDeskStatement(utf8Decode(desk), root);
    const fields = readFields(await openNote(utf8Decode(note), 'postern-desk', key), 'postern/report/v1');
    const parcel = fields.parcel();
    const sha256 = fields.hex('json', 32);
    const card = statements.get('card.note');
    // What one of our desks signed has the form that this program writes.
    const report = JSON.parse(utf8Decode(json)) as Report;
    if (sha256 !== sha256Hex(json) || report.parcel !== parcel)
      throw new Failure('bag-report-untrusted', { folder: bag });
    return { report, sha256, note, statements, card: card === undefined ? null : await openCard(card, root) };
  } catch (error) {
    if (isProblem(error) || error instanceof SyntaxError) throw new Failure('bag-report-untrusted', { folder: bag });
    throw error;
  }
}

async function read(path: string): Promise<Uint8Array | null> {
  try {
    return await readPlain(path, MOST);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}
