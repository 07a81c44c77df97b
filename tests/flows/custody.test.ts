/** The custody report of a sample case, read by those who do not trust the desk: stock tools, a time-stamping authority, and a script that shares no code with it. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../desk/custody/report-data.ts';
import { desk, deskJson } from '../desk/desk.ts';
import { boastfulFilm, jpeg } from '../kit/made-media.ts';
import { createTestLog } from '../kit/log-proof.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { PARCEL, testParcel } from '../kit/parcel-stream.ts';
import { run } from '../kit/programs.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const MODIFIED = 1_700_000_000_123;

let base: Awaited<ReturnType<typeof temporaryFolder>>;
let drop: Drop;
let root: string;
let bag: string;
let authority: string;

beforeAll(async () => {
  base = await temporaryFolder();
  drop = await makeDrop(base.path, 'classic');
  root = (await desk(['root', drop.keys])).stdout.trim();
  const files = [
    { path: 'каталог/лог.mp4', content: boastfulFilm(), modified: MODIFIED },
    { path: 'دوربین/12.jpg', content: jpeg(), modified: MODIFIED },
    { path: 'big.mov', content: patternBytes(3_000_000, 1), modified: MODIFIED },
    { path: '\u202egpj.<script>alert(1)<|script>', content: patternBytes(10, 2), modified: MODIFIED },
  ];
  const { stream } = await testParcel(files, 'A message.\n');
  const made = await makeParcelOf(drop, stream, { parcel: PARCEL });
  authority = await makeAuthority(join(base.path, 'authority'));
  const log = createTestLog(drop.receiptKey);
  log.grow(2);
  const envelope = await made.envelope();
  await made.writeEnvelope({ ...envelope, version: 2, log: await log.add(envelope.receipt!) });
  await stampCheckpoint(await log.checkpoint());
  const out = join(base.path, 'out');
  expect((await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', out, '--role', 'editor'])).exit).toBe(0);
  bag = join(out, PARCEL);
});

afterAll(() => base[Symbol.asyncDispose]());

/** The script that lies with the report, over a bag and the bundle. */
function check(folder: string, more: readonly string[] = ['--bundle', drop.bundle]) {
  return run('python3', ['-I', join(bag, 'custody/verify_report.py'), folder, '--root', root, ...more]);
}

async function reportIn(folder: string): Promise<Report> {
  return JSON.parse(await readFile(join(folder, 'custody/report.json'), 'utf8')) as Report;
}

type Sums = readonly (readonly [program: 'sha256sum' | 'sha512sum', list: string])[];
const ALL_SUMS: Sums = [
  ['sha512sum', 'manifest-sha512.txt'],
  ['sha256sum', 'manifest-sha256.txt'],
  ['sha256sum', 'tagmanifest-sha256.txt'],
];

async function expectSums(folder: string, sums: Sums): Promise<void> {
  for (const [program, list] of sums) {
    const done = await run(program, ['--check', '--strict', '--quiet', list], { cwd: folder });
    expect([done.code, done.out, done.err]).toStrictEqual([0, '', '']);
  }
}

test('the script finds every claim of the report as it says', async () => {
  const { code, out, err } = await check(bag);
  expect(err).toBe('');
  expect(out).toMatch(/^\d+ checks, 0 wrong$/m);
  expect(code).toBe(0);
});

const LATER = 'desk report adds it';

test('written without SHA-512: the report says in words who adds it, and sha256sum believes the bag and its tag files', async () => {
  const { items, gaps, verify } = await reportIn(bag);
  expect(items.map(({ sha512 }) => sha512)).toStrictEqual([null, null, null, null, null]);
  expect(gaps.filter((gap) => gap.includes(LATER))).toHaveLength(1);
  expect(verify[0]!.command).toBe('sha256sum --check manifest-sha256.txt');
  expect(await readFile(join(bag, 'custody/report.html'), 'utf8')).toContain(LATER);
  await expectSums(bag, [
    ['sha256sum', 'manifest-sha256.txt'],
    ['sha256sum', 'tagmanifest-sha256.txt'],
  ]);
});

/** Expects a bag in which every file has its SHA-512, and in which nothing says that any is to come. */
async function expectWithSha512(folder: string): Promise<void> {
  await expectSums(folder, ALL_SUMS);
  expect((await readFile(join(folder, 'manifest-sha512.txt'), 'utf8')).split('\n')).toHaveLength(6);
  const { items, gaps, verify } = await reportIn(folder);
  expect(items.filter(({ sha512 }) => sha512 === null)).toStrictEqual([]);
  expect(gaps).toStrictEqual([]);
  expect(verify[0]!.command).toContain('sha512sum');
  expect(await readFile(join(folder, 'custody/report.html'), 'utf8')).not.toContain(LATER);
  expect((await check(folder)).out).toMatch(/^\d+ checks, 0 wrong$/m);
}

test('extract --sha512 computes it on the way', async () => {
  const out = join(base.path, 'with-sha512');
  const places = ['--keys', drop.keys, '--out', out, '--cases', join(base.path, 'cases')];
  expect((await desk(['extract', drop.bundle, ...places, '--sha512'])).exit).toBe(0);
  await expectWithSha512(join(out, PARCEL));
});

test.each<readonly [string, string, string, (bytes: Buffer) => Buffer]>([
  ['a byte of a file', 'sha256 of data/files/big.mov is not', 'data/files/big.mov', (bytes) => flip(bytes, 1000)],
  [
    'a claim of the report',
    'report.json is not the one that was signed',
    'custody/report.json',
    (bytes) => replaced(bytes, '"complete"', '"damaged"'),
  ],
  [
    'a word of the page',
    'report.html is not the one',
    'custody/report.html',
    (bytes) => replaced(bytes, 'whole', 'whoIe'),
  ],
  [
    'a byte of the print',
    'report.pdf is not the one',
    'custody/report.pdf',
    (bytes) => flip(bytes, bytes.length - 100),
  ],
  [
    'an event',
    'event 0 is not signed',
    'custody/events.txt',
    (bytes) => replaced(bytes, '"actor":"editor"', '"actor":"intern"'),
  ],
  ['the last event taken away', 'made over other events', 'custody/events.txt', () => Buffer.alloc(0)],
  [
    'the day of the receipt',
    'the receipt does not say',
    'custody/envelope.json',
    (bytes) => replaced(bytes, 'received 2026-11-24', 'received 2026-11-23'),
  ],
  [
    'the hash of a part',
    'a part statement is not signed',
    'custody/envelope.json',
    (bytes) => replaced(bytes, /sha256 [0-9a-f]{4}/, 'sha256 0000'),
  ],
  [
    'the place in the log',
    'the proof is for another place',
    'custody/envelope.json',
    (bytes) => replaced(bytes, /index \d+/, 'index 1'),
  ],
  [
    'a hash of the proof',
    'the receipt is not in the log',
    'custody/envelope.json',
    (bytes) => replaced(bytes, /(index \d+\\n)[A-Za-z0-9+/]{4}/, '$1AAAA'),
  ],
  [
    'the time-stamped checkpoint',
    'the time-stamped checkpoint is not that of the proof',
    'custody/checkpoint.note',
    (bytes) => replaced(bytes, '768', '512'),
  ],
  [
    'the time stamp on it',
    'is not the one that the report names',
    'custody/checkpoint.tsr',
    (bytes) => flip(bytes, 100),
  ],
  [
    'a tag file of the source',
    'bag-info.txt is not that of the tag manifest',
    'bag-info.txt',
    (bytes) => replaced(bytes, 'Bagging-Date: 2026', 'Bagging-Date: 2025'),
  ],
])('%s is changed: the script says so', async (_, words, name, change) => {
  const copy = join(base.path, 'copy');
  await rm(copy, { recursive: true, force: true });
  await cp(bag, copy, { recursive: true });
  await writeFile(join(copy, name), change(await readFile(join(copy, name))));
  const { code, out } = await check(copy, []);
  expect(out).toMatch(new RegExp(`^WRONG: .*${words}`, 'm'));
  expect(code).toBe(1);
});

test('an encrypted part that is another, and another root key, are told', async () => {
  const bundle = join(base.path, 'other');
  await cp(drop.bundle, bundle, { recursive: true });
  const part = join(bundle, 'inbox', PARCEL, '000001.age');
  await writeFile(part, flip(await readFile(part), 500));
  expect((await check(bag, ['--bundle', bundle])).out).toContain('WRONG: the encrypted part 1');
  const other = await run('python3', ['-I', join(bag, 'custody/verify_report.py'), bag, '--root', 'A'.repeat(43)]);
  expect(other.code).toBe(1);
});

test('the verifier says in one line what is missing or mistyped', async () => {
  const script = join(bag, 'custody/verify_report.py');
  for (const [args, words] of [
    [[base.path, '--root', root], 'there is no custody/report.json in'],
    [[bag, '--root', 'AAAA'], 'the root key is 43 letters'],
    [[bag, '--root', '-AAA'], 'the root key is 43 letters'],
  ] as const) {
    const told = await run('python3', ['-I', script, ...args]);
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain(words);
    expect(told.err).not.toContain('Traceback');
  }
});

test('names are shown safely and nothing in the page can run', async () => {
  const page = await readFile(join(bag, 'custody/report.html'), 'utf8');
  expect(page).not.toContain('<script');
  expect(page).not.toContain('\u202e');
  expect(page).toContain('\\u{202e}gpj.&lt;script&gt;');
  const { items } = await reportIn(bag);
  expect(items.map(({ path }) => path)).toContain('data/files/\u202egpj.<script>alert(1)<|script>');
});

test('a new report over the same bag adds SHA-512, the earlier one is kept, and openssl believes the time stamp of a test authority', async () => {
  const earlier = await readFile(join(bag, 'custody/report.json'));
  // As a shell completes it: with a slash at the end, and no name but the shortest.
  const typed = `${relative(process.cwd(), bag)}/./`;
  const made = await deskJson(['report', typed, '--keys', drop.keys, '--timestamp-request'], '2026-11-25');
  expect(made).toMatchObject({ exit: 0, json: { parcel: PARCEL, changed: 0 } });
  await expectWithSha512(bag);
  const [kept] = (await run('sh', ['-c', 'ls custody/earlier'], { cwd: bag })).out.trim().split('\n');
  expect(await readFile(join(bag, 'custody/earlier', kept!, 'report.json'))).toStrictEqual(earlier);

  const answer = join(base.path, 'answer.tsr');
  await openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', join(bag, 'custody/report.tsq'), '-out', answer);
  const wrong = await deskJson(['report', bag, '--keys', drop.keys, '--timestamp', join(bag, 'custody/report.tsq')]);
  expect(wrong).toMatchObject({ exit: 3, json: { error: { code: 'timestamp-differs' } } });
  expect((await desk(['report', bag, '--keys', drop.keys, '--timestamp', answer], '2026-11-26')).exit).toBe(0);

  for (const what of [
    ['-queryfile', 'custody/report.tsq', '-in', 'custody/report.tsr'],
    ['-data', 'custody/report.note', '-in', 'custody/report.tsr'],
    ['-data', 'custody/checkpoint.note', '-in', 'custody/checkpoint.tsr'],
  ]) {
    const trust = ['-CAfile', join(authority, 'ca.pem')];
    const verified = await run('openssl', ['ts', '-verify', ...what, ...trust], { cwd: bag });
    expect(verified.out + verified.err).toContain('Verification: OK');
  }
  expect((await check(bag)).out).toMatch(/^\d+ checks, 0 wrong$/m);
  const events = await readFile(join(bag, 'custody/events.txt'), 'utf8');
  expect(events.match(/"action":"[a-z-]+"/g)).toStrictEqual([
    '"action":"extracted"',
    '"action":"reported"',
    '"action":"verified"',
  ]);
});

test('with the clock unset the report says so in words', async () => {
  await desk(['report', bag, '--keys', drop.keys], '1970-01-02');
  const { gaps, made } = await reportIn(bag);
  expect(made.clock.doubt).toContain('it is not set');
  expect(gaps.join('\n')).toContain('The time of this report is doubtful');
  expect(await readFile(join(bag, 'custody/report.html'), 'utf8')).toContain('it is not set');
});

test('a file that changed since is told by the next report', async () => {
  const path = join(bag, 'data/files/big.mov');
  await writeFile(path, flip(await readFile(path), 7));
  const { exit, json } = await deskJson(['report', bag, '--keys', drop.keys]);
  expect([exit, json['changed']]).toStrictEqual([1, 1]);
  const { state } = await reportIn(bag);
  expect(state).toBe('damaged');
});

test('a file that is gone is told by the next report, and by the one after it', async () => {
  await rm(join(bag, 'data/files/big.mov'));
  for (const _ of ['one', 'another']) {
    const { exit, json } = await deskJson(['report', bag, '--keys', drop.keys]);
    expect([exit, json['changed']]).toStrictEqual([1, 1]);
  }
});

async function openssl(...args: readonly string[]): Promise<void> {
  const { code, err } = await run('openssl', args, { cwd: authority });
  expect(code, err).toBe(0);
}

/** Puts a checkpoint into the bundle with the answer of the authority, as a courier does. */
async function stampCheckpoint(note: string): Promise<void> {
  const path = join(drop.bundle, 'checkpoints/00000000-768');
  await mkdir(join(drop.bundle, 'checkpoints'));
  await writeFile(`${path}.note`, note);
  await openssl('ts', '-query', '-data', `${path}.note`, '-sha256', '-cert', '-out', `${path}.tsq`);
  await openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', `${path}.tsq`, '-out', `${path}.tsr`);
}

/** A time-stamping authority of one certificate. */
async function makeAuthority(folder: string): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'serial'), '01\n');
  const settings = [
    '[tsa]',
    'default_tsa=t',
    '[t]',
    'serial=serial',
    'signer_cert=ca.pem',
    'signer_key=ca.key',
    'certs=ca.pem',
  ];
  const more = [
    'signer_digest=sha256',
    'default_policy=1.2.3.4',
    'digests=sha256',
    'accuracy=secs:1',
    'ess_cert_id_alg=sha256',
  ];
  await writeFile(join(folder, 'tsa.cnf'), [...settings, ...more, ''].join('\n'));
  const request = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Test authority',
  ];
  const uses = ['-addext', 'extendedKeyUsage=critical,timeStamping', '-addext', 'basicConstraints=critical,CA:TRUE'];
  const made = await run('openssl', [...request, ...uses, '-days', '2'], { cwd: folder });
  expect(made.code, made.err).toBe(0);
  return folder;
}

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at]! ^= 1;
  return changed;
}

function replaced(bytes: Buffer, from: string | RegExp, to: string): Buffer {
  const text = bytes.toString('utf8');
  expect(text.replace(from, to)).not.toBe(text);
  return Buffer.from(text.replace(from, to));
}
