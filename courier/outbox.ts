/** The outbox of a bundle: which replies lie in it, what is wrong with each, and what else lies there that is no reply. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { PROBLEMS } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { parsePartName, partName } from '../shared/protocol/part-name.ts';
import type { Card } from '../shared/statements/card.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import { readIfThere, refuseLink, sizesIn } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { openPlain } from './careful-open.ts';
import type { Finding } from './finding.ts';
import { diskTrouble } from './halt.ts';
import { checkReply } from './reply-check.ts';
import type { CheckedReply } from './reply-check.ts';
import { countInWords } from './text.ts';

export interface OutboxReply {
  readonly reply: string;
  readonly folder: string;
  /** Null when its envelope is not good; `finding` says why. */
  readonly checked: CheckedReply | null;
  readonly finding: Finding | null;
}

export interface Outbox {
  /** In the order in which they were written. */
  readonly replies: readonly OutboxReply[];
  /** Names, from the outbox on, of what does not belong there. */
  readonly foreign: readonly string[];
}

/** What systems leave on every disk that they are given, and what a courier that was cut off left of an envelope. */
const USUAL = /^(?:\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|envelope\.json\.part)$/i;

/** Reads the envelopes of all replies. Statements are checked against the server's card; `ofOther`: the bundle is another organisation's. */
export async function readOutbox(bundle: Bundle, card: Card, ofOther: boolean): Promise<Outbox> {
  await refuseLink(bundle.outbox);
  const replies: OutboxReply[] = [];
  const foreign: string[] = [];
  for (const entry of await listFolder(bundle.outbox)) {
    if (entry.isDirectory() && /^[0-9a-f]{32}$/.test(entry.name)) {
      const folder = join(bundle.outbox, entry.name);
      const read = await readReply(entry.name, folder, card, ofOther);
      replies.push(read);
      const parts = read.checked?.statements.length ?? Infinity;
      for (const { name } of await listFolder(folder).catch(() => [])) {
        if (name !== 'envelope.json' && !USUAL.test(name) && !((parsePartName(name) ?? Infinity) < parts)) {
          foreign.push(`${entry.name}/${name}`);
        }
      }
    } else if (!USUAL.test(entry.name)) foreign.push(entry.name);
  }
  const place = ({ checked }: OutboxReply) => checked?.opening ?? { day: '', number: 0 };
  replies.sort((a, b) => place(a).day.localeCompare(place(b).day) || place(a).number - place(b).number);
  return { replies, foreign };
}

async function readReply(reply: string, folder: string, card: Card, ofOther: boolean): Promise<OutboxReply> {
  const wrong = (finding: Finding): OutboxReply => ({ reply, folder, checked: null, finding });
  const text = await readIfThere(join(folder, 'envelope.json')).catch(() => undefined);
  if (text === undefined) return wrong(unreadable('Its envelope'));
  if (text === null) return wrong({ code: 'half-copied', message: 'Half-copied: its envelope is not there.' });
  try {
    return { reply, folder, checked: await checkReply(text, reply, card.replyKey), finding: null };
  } catch (error) {
    if (!isProblem(error)) throw error;
    if (error.code !== 'signature-wrong') return wrong({ code: error.code, message: PROBLEMS[error.code].title });
    return wrong(
      ofOther
        ? { code: 'other-organisation', message: 'The bundle is of another organisation than this server.' }
        : { code: 'signature-wrong', message: 'It is not signed by the reply key of this server’s card.' },
    );
  }
}

/** What keeps these parts of a reply from being sent: files that are missing, cut short, altered, or no files. Null when all are good. */
export async function findTrouble(folder: string, wanted: readonly PartStatement[]): Promise<Finding | null> {
  const names = new Set((await listFolder(folder).catch(() => [])).map(({ name }) => name));
  const sizes = await sizesIn(folder);
  const isStrange = ({ part }: PartStatement) => names.has(partName(part)) && !sizes.has(partName(part));
  const strange = wanted.find(isStrange);
  if (strange !== undefined) {
    return {
      code: 'not-a-file',
      message: `In place of part ${strange.part} there is a link, or something else that is no file.`,
    };
  }
  const short = wanted.filter(({ part, size }) => (sizes.get(partName(part)) ?? -1) < size);
  if (short.length > 0) {
    return {
      code: 'half-copied',
      message: `Half-copied: ${countInWords(short.length, 'part is', 'parts are')} missing or cut short.`,
    };
  }
  for (const statement of wanted) {
    const bytes = await readPart(folder, statement);
    if (!(bytes instanceof Uint8Array)) return bytes;
  }
  return null;
}

/** The bytes of a part, if they are those that were signed. */
export async function readPart(folder: string, { part, size, sha256 }: PartStatement): Promise<Uint8Array | Finding> {
  const path = join(folder, partName(part));
  const altered: Finding = { code: 'part-damaged', message: `Part ${part} is not as the desk signed it.` };
  try {
    const handle = await openPlain(path);
    if (handle === null) return { code: 'half-copied', message: `Half-copied: part ${part} is not there.` };
    try {
      if ((await handle.stat()).size !== size) return altered;
      const bytes = await handle.readFile();
      return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : altered;
    } finally {
      await handle.close();
    }
  } catch {
    return unreadable(`Part ${part}`);
  }
}

function unreadable(what: string): Finding {
  return { code: 'unreadable', message: `${what} cannot be read: the disk gives errors, or this account may not.` };
}

async function listFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw diskTrouble(error, folder);
  }
}
