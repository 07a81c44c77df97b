/** A bag that the desk has extracted and signed for, proofs of clips in it, and both verifiers side by side. */
import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { desk } from './desk.ts';
import { makeSource, send } from './source.ts';

const run = promisify(execFile);

export interface ClipScene {
  readonly drop: Drop;
  readonly made: MadeParcel;
  readonly bag: string;
  /** Root key, base64url. */
  readonly root: string;
}

/** Sends files, extracts them and has the desk sign. */
export async function clipScene(
  folder: string,
  files: readonly { readonly path: string; readonly content: Uint8Array }[],
): Promise<ClipScene> {
  const drop = await makeDrop(folder);
  const made = await send(drop, await makeSource(), { files });
  const out = join(folder, 'out');
  await good(['extract', drop.bundle, '--keys', drop.keys, '--out', out]);
  const bag = join(out, made.parcel);
  await good(['bind', bag, '--keys', drop.keys]);
  return { drop, made, bag, root: (await good(['root', drop.keys])).trim() };
}

/** Runs the desk and expects it to go well; what it prints comes back. */
export async function good(args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await desk(args);
  if (exit !== 0) throw new Error(`desk ${args.join(' ')}: ${exit} ${stdout} ${stderr}`);
  return stdout;
}

/** `proved`, or the fault that the desk finds. */
export async function byDesk(folder: string, root: string): Promise<string> {
  const { exit, stdout } = await desk(['verify-clip', folder, '--root', root, '--json']);
  const { proved, fault } = JSON.parse(stdout) as { proved?: boolean; fault?: string };
  if (exit === 0 && proved === true) return 'proved';
  return exit === 1 && proved === false ? fault! : `exit ${exit}: ${stdout}`;
}

const MANY = `
import contextlib, io, sys, verify_clip
for folder in sys.argv[2:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = verify_clip.main([folder, '--root', sys.argv[1]])
    words = said.getvalue()
    print('proved' if code == 0 else words[words.index('(') + 1:words.index(')')] if code == 1 else 'code %d' % code)
`;

/** The same of many folders, by the stand-alone verifier. */
export async function byPython(scratch: string, folders: readonly string[], root: string): Promise<string[]> {
  await copyFile(new URL('../../desk/proof/verify_clip.py', import.meta.url), join(scratch, 'verify_clip.py'));
  await writeFile(join(scratch, 'many.py'), MANY);
  const { stdout } = await run('python3', [join(scratch, 'many.py'), root, ...folders], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 1 << 24,
  });
  return stdout.trim().split('\n');
}
