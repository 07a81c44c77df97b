/** Secrets that are planted in what a source sends and must be found nowhere on the server. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { run } from './programs.ts';

export interface Canaries {
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly message: string;
  /** All that was planted in names, contents and message. */
  readonly planted: readonly string[];
}

/** Six names, six contents and four words of the message that are nowhere else in the world. */
export function drawCanaries(): Canaries {
  const draw = () => `canary${randomBytes(6).toString('hex')}`;
  const files = Array.from({ length: 6 }, () => ({ name: draw(), content: draw() }));
  const words = [draw(), draw(), `канарейка${randomBytes(6).toString('hex')}`, draw()];
  const message = `First ${words[0]}, ${words[1]}.\nПотом ${words[2]}; ${words[3]}\n`;
  return { files, message, planted: [...files.flatMap(({ name, content }) => [name, content]), ...words] };
}

/** A codename as somebody might have written it down by mistake: neighbouring words joined in the usual ways. */
export function codenameTraces(words: readonly string[]): string[] {
  return words
    .slice(1)
    .flatMap((word, i) => [' ', '-', '_', ',', '', '","', ', '].map((glue) => words[i]! + glue + word));
}

/** Which of the canaries occur, byte for byte, in the files below a folder; with the file's name each. */
export async function findCanaries(folder: string, canaries: readonly string[], scratch: string): Promise<string[]> {
  const list = join(scratch, 'canaries.txt');
  await writeFile(list, canaries.map((canary) => `${canary}\n`).join(''));
  const { code, out, err } = await run('grep', ['-r', '-a', '-o', '-F', '-H', '-f', list, folder], {
    env: { LC_ALL: 'C' },
  });
  if (code !== 0 && code !== 1) throw new Error(`grep could not search everything: ${err}`);
  return out.split('\n').filter((line) => line !== '');
}

/** Everything in all tables of a drop's own database as text; bytes in hexadecimal and, where they are text, as such. */
export async function dumpDatabase(socketFolder: string): Promise<string> {
  const sql = postgres({ host: socketFolder, user: 'postern', database: 'postgres', max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`;
    const lines: string[] = [];
    for (const { name } of tables) {
      lines.push(`-- ${name}`);
      for await (const rows of sql.unsafe<{ row: unknown }[]>(`select to_jsonb(t) as row from ${name} t`).cursor(500)) {
        for (const { row } of rows) lines.push(JSON.stringify(row));
      }
    }
    const hex = [...lines.join('\n').matchAll(/\\\\x([0-9a-f]+)/g)];
    return [...lines, ...hex.map(([, digits]) => Buffer.from(digits!, 'hex').toString('latin1'))].join('\n');
  } finally {
    await sql.end();
  }
}
