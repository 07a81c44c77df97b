/** An organisation, a source with a question in the bundle, and replies to it: what the tests of `desk reply` begin with. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { DAY, deskJson, scratch } from './desk.ts';
import { makeSource, send } from './source.ts';
import type { Source } from './source.ts';

/** What `desk reply --json` says of a reply that was written. */
export interface Written {
  readonly reply: string;
  readonly number: number;
  readonly folder: string;
  readonly parts: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

/** The scene of one file of tests; filled before the first of them. */
export interface Scene {
  base: string;
  drop: Drop;
  source: Source;
  question: MadeParcel;
}

/** Sets the scene up and takes it away again. */
export function useScene(): Scene {
  const scene = {} as Scene;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const base = await scratch();
    remove = base.remove;
    scene.base = base.folder;
    scene.drop = await makeDrop(base.folder, 'hybrid');
    scene.source = await makeSource();
    scene.question = await send(scene.drop, scene.source);
  });
  afterAll(() => remove());
  return scene;
}

let files = 0;

/** A file of the test's own. */
export async function fileOf(
  { base }: Scene,
  content: string | Uint8Array,
  name = `text-${++files}.txt`,
): Promise<string> {
  const folder = join(base, `file-${++files}`);
  await mkdir(folder);
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** The words of a reply to a parcel, up to `--message`. */
export function replyTo({ drop }: Scene, parcel: string): string[] {
  return ['reply', drop.bundle, '--keys', drop.keys, '--to', parcel];
}

/** Writes a reply that must come out well. */
export async function reply(
  scene: Scene,
  message: string | Uint8Array,
  attachments: readonly string[] = [],
  to = scene.question.parcel,
): Promise<Written> {
  const attach = attachments.flatMap((file) => ['--attach', file]);
  const args = [...replyTo(scene, to), '--message', await fileOf(scene, message), ...attach];
  const { exit, json } = await deskJson(args, DAY);
  expect(json).not.toHaveProperty('error');
  expect(exit).toBe(0);
  return json as unknown as Written;
}

/** The error of a reply that must not be written, and proof that nothing was. */
export async function refusal(scene: Scene, args: readonly string[], bundle = scene.drop.bundle): Promise<unknown> {
  const before = await contentOf(bundle);
  const { exit, json } = await deskJson(args);
  expect(await contentOf(bundle)).toStrictEqual(before);
  return { exit, ...(json['error'] as object) };
}

/** All names below a folder. */
export async function contentOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.toSorted();
}
