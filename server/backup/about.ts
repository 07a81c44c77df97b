/** The file `about` of a backup: what it is of, in four lines. */
import { BackupError } from './backup-error.ts';
import { readFile } from 'node:fs/promises';

export interface About {
  /** Version of the database's form: which migrations had been made. */
  readonly schema: number;
  /** The database that it is of, and no other can go on with it. */
  readonly instance: string;
  /** The highest number that a parcel ever had. */
  readonly number: number;
}

const TEXT = /^postern backup 1\nschema (\d{1,9})\ninstance ([0-9a-f-]{36})\nnumber (\d{1,15})\n$/;

export function formatAbout({ schema, instance, number }: About): string {
  return `postern backup 1\nschema ${schema}\ninstance ${instance}\nnumber ${number}\n`;
}

/** Throws an Error for the operator when it was written by something else. */
export function parseAbout(text: string): About {
  const match = TEXT.exec(text);
  if (!match) throw new BackupError('The backup was made by another version of this program, or is damaged.');
  return { schema: Number(match[1]), instance: match[2]!, number: Number(match[3]) };
}

export async function readAbout(path: string): Promise<About> {
  return parseAbout(await readFile(path, 'utf8'));
}
