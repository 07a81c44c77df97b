/** The recipe of the README, word for word: a parcel is opened and checked without Postern. */
import { copyFile, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startDrop } from '../kit/drop.ts';
import { makeFootage } from '../kit/footage.ts';
import { PROJECT, run } from '../kit/programs.ts';
import { expectSameBag } from '../kit/same-bag.ts';
import { sendParcel } from '../kit/send-parcel.ts';

const MESSAGE = 'Посмотрите третью минуту. انظروا إلى الدقيقة الثالثة.\n';

/** The fenced blocks of a language in the README's part on stock tools, in order. */
async function recipe(language: string): Promise<string[]> {
  const readme = await readFile(join(PROJECT, 'README.md'), 'utf8');
  const part = readme.split(/^## /m).find((each) => each.startsWith('With stock tools only')) ?? '';
  return [...part.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, text]) =>
    found === language ? [text!] : [],
  );
}

const [CLASSIC, HYBRID, PERCENT] = await recipe('sh');
const [OPEN] = await recipe('js');

describe.each([
  ['classic', CLASSIC!],
  ['hybrid', HYBRID!.replace('npm install age-encryption\n', '')],
])('%s card', (kind, script) => {
  test('opens with age and tar, and passes sha256sum', async () => {
    await using drop = await startDrop({ page: false, classic: kind === 'classic' });
    const { folder, paths } = await makeFootage(drop.folder, 'footage', { big: 20_000_000 });
    const { parcel } = await sendParcel({ source: drop.source, rootKey: drop.rootKey, folder, message: MESSAGE });
    expect((await drop.pull()).code).toBe(0);

    const inbox = join(drop.bundle, 'inbox', parcel);
    const identities = await drop.desk('identities', drop.keys);
    expect(identities).toMatchObject({ code: 0, err: '' });
    await writeFile(join(inbox, 'identity.txt'), identities.out);
    await writeFile(join(inbox, 'open.mjs'), OPEN!);
    await symlink(join(PROJECT, 'node_modules'), join(inbox, 'node_modules'));
    // `ls -d */` must find the one folder that tar makes.
    const work = join(drop.folder, 'work');
    await mkdir(work);
    for (const name of await readdir(inbox)) {
      if (name !== 'node_modules') await copyFile(join(inbox, name), join(work, name));
    }
    await symlink(join(PROJECT, 'node_modules'), join(drop.folder, 'node_modules'));
    const path = `${join(process.execPath, '..')}:${process.env['PATH']}`;
    const done = await run('bash', ['-eu', '-c', script], { cwd: work, env: { PATH: path } });
    expect(done.err).toBe('');
    expect(done.code).toBe(0);
    expect(done.out.trim().split('\n')).toHaveLength(paths.length + 1);
    expect(done.out).not.toMatch(/(?<!: )OK|FAILED/);

    const bag = join(work, parcel);
    expect(await readFile(join(bag, 'data/message.txt'), 'utf8')).toBe(MESSAGE);
    await expectSameBag(bag, folder, '', paths);
    expect((await run('bash', ['-c', `${PERCENT} --quiet`.replace('\n', '')], { cwd: bag })).code).toBe(0);
  });
});
