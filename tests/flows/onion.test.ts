/** The configuration of Tor: taken by Debian's Tor, and no staff service without a key. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT, run } from '../kit/programs.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const TORRC = join(PROJECT, 'deploy/tor/torrc');

test('is valid, asks for proof of work, and reaches nothing but the two listeners of Postern', async () => {
  await using folder = await temporaryFolder();
  const checked = await run('tor', ['--verify-config', '-f', TORRC, '--DataDirectory', folder.path]);
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('Configuration was valid') });
  const text = await readFile(TORRC, 'utf8');
  expect(text).toMatch(/^HiddenServicePoWDefensesEnabled 1$/m);
  const compose = await readFile(join(PROJECT, 'docker-compose.yml'), 'utf8');
  const targets = [...text.matchAll(/^HiddenServicePort 80 (\S+):(\d+)$/gm)].map(([, host, port]) => [host, port]);
  expect(targets.map(([, port]) => port)).toEqual(['8440', '8441']);
  for (const [host] of targets) expect(compose.match(new RegExp(`ipv4_address: ${host} `, 'g'))).toHaveLength(2);
  expect(compose).not.toContain(':8442');
});

test('has the staff service only where some key is authorised', async () => {
  await using folder = await temporaryFolder();
  const services = async (): Promise<string[]> => {
    const env = { TORRC, TOR_DATA: folder.path };
    const args = ['--DataDirectory', join(folder.path, 'tor'), '--verify-config', '--dump-config', 'short'];
    const { out, code } = await run(join(PROJECT, 'deploy/tor/start.sh'), args, { env });
    expect(code).toBe(0);
    return [...out.matchAll(/^HiddenServiceDir (\S+)$/gm)].map(([, path]) => path!);
  };
  expect(await services()).toEqual(['/var/lib/tor/source']);
  await mkdir(join(folder.path, 'staff/authorized_clients'), { recursive: true });
  await writeFile(join(folder.path, 'staff/authorized_clients/anna.auth'), 'descriptor:x25519:AAAA\n');
  expect(await services()).toEqual(['/var/lib/tor/source', '/var/lib/tor/staff']);
});
