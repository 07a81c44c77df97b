/** A generator of requests that no good client makes, each with a canary that no answer and no log may repeat. */
import { BODY_TYPE } from './sender.ts';
import { bentText, oddJson, oddNumber, oddPath } from './malformed-text.ts';
import type { Seeded } from './seeded.ts';

/** What is true on the server, so that the requests come near it. */
export interface Ground {
  /** Addresses that exist, filled in. */
  readonly paths: readonly string[];
  /** Addresses of parts that can be written. */
  readonly parts: readonly string[];
  /** Addresses that take JSON, with the name of its one field. */
  readonly calls: readonly (readonly [path: string, field: string])[];
  /** Well-formed notes of every kind. */
  readonly notes: readonly string[];
  /** Bearer tokens that are good. */
  readonly tokens: readonly string[];
}

export interface Malformed {
  /** As it goes over the wire. */
  readonly bytes: Buffer;
  readonly canary: string;
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PATCH',
  'OPTIONS',
  'PUT',
  'DELETE',
  'TRACE',
  'PROPFIND',
  'get',
  'POSTX',
  'G\0T',
  '',
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'http/1.1', ''];

/** The next request of a chance. */
export function drawMalformed(chance: Seeded, ground: Ground): Malformed {
  const canary = `zq${Buffer.from(chance.bytes(9)).toString('hex')}qz`;
  const kind = chance.pick([oddLine, oddHeaders, oddTus, oddTus, oddCall, oddCall, oddNote, oddAddress, oddAddress]);
  return { canary, bytes: kind(chance, ground, canary) };
}

type Kind = (chance: Seeded, ground: Ground, canary: string) => Buffer;

function request(
  line: string,
  headers: readonly (readonly [string, string])[],
  body: Uint8Array = new Uint8Array(),
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${line}\r\n${lines.join('')}\r\n`, 'latin1'), body]);
}

const HOST = ['host', 'postern.test'] as const;
const CLOSE = ['connection', 'close'] as const;
const bearer = (chance: Seeded, { tokens }: Ground, canary: string) =>
  [
    'authorization',
    chance.percent(85)
      ? `Bearer ${chance.pick(tokens)}`
      : chance.pick(['Bearer', `Bearer ${canary}`, `Basic ${canary}`, canary, '']),
  ] as const;

const oddLine: Kind = (chance, { paths }, canary) => {
  const path = chance.percent(50)
    ? chance.pick(paths)
    : chance.pick(['*', '', canary, `http://${canary}/`, '/\x01', '/ü', `/${canary}`]);
  const line = `${chance.pick(METHODS)}${chance.percent(5) ? '\t' : ' '}${path} ${chance.pick(VERSIONS)}`;
  return request(line, [HOST, CLOSE]);
};

const oddHeaders: Kind = (chance, { paths }, canary) => {
  const odd: readonly (readonly [string, string])[] = [
    ['content-length', oddNumber(chance)],
    ['content-length', '1\r\ncontent-length: 2'],
    ['transfer-encoding', chance.pick(['chunked', 'gzip, chunked', 'identity', canary, 'chunked, chunked'])],
    ['host', chance.pick(['', canary, 'a b', '[::1', `${canary}:99999999`])],
    ['expect', chance.pick(['100-continue', canary])],
    ['range', chance.pick([`bytes=${oddNumber(chance)}-`, `bytes=-${oddNumber(chance)}`, 'bytes=0-0,5-9', canary])],
    ['if-range', canary],
    ['accept-encoding', chance.pick(['br;q=2', '*', canary, 'gzip;;;'])],
    ['content-type', chance.pick(['application/json; charset=utf-7', 'multipart/form-data', canary, '', 'a/b; x="'])],
    ['x-forwarded-proto', `https,${canary}`],
    ['upgrade', canary],
    [`x-${canary}`, 'y'.repeat(chance.int(20_000))],
    [canary, `folded\r\n\tmore ${canary}`],
    ['cookie', canary],
    [`bad name ${canary}`, 'x'],
    ['x', `\0${canary}`],
  ];
  const count = 1 + chance.int(4);
  const headers = Array.from({ length: count }, () => chance.pick(odd));
  const body = chance.percent(40)
    ? Buffer.from(chance.pick([canary, `5\r\nhello\r\n${canary}`, 'ffffffffff\r\n', '0\r\n\r\n']))
    : undefined;
  return request(`${chance.pick(METHODS.slice(0, 5))} ${chance.pick(paths)} HTTP/1.1`, [HOST, CLOSE, ...headers], body);
};

/** What a good client sends along. */
const NEEDED: Readonly<Record<'POST' | 'PATCH' | 'HEAD', readonly string[]>> = {
  POST: ['tus-resumable', 'upload-length', 'upload-metadata', 'content-type', 'content-length'],
  PATCH: ['tus-resumable', 'upload-offset', 'content-type', 'content-length'],
  HEAD: ['tus-resumable'],
};

const oddTus: Kind = (chance, ground, canary) => {
  const { parts, notes } = ground;
  const statement = Buffer.from(
    chance.percent(50) ? chance.pick(notes) : bentText(chance, chance.pick(notes), canary),
    'utf8',
  );
  const coded = chance.percent(85) ? statement.toString('base64').slice(0, 9000) : canary;
  const metadata = chance.pick([
    `statement ${coded}`,
    `statement ${coded},statement ${coded}`,
    `statement ${coded},writer ${Buffer.from(oddNumber(chance)).toString('base64').slice(0, 400)}`,
    `statement ${coded},record ${Buffer.alloc(chance.int(9000)).toString('base64')}`,
    `${canary}`,
    ',,,',
    'statement',
    '',
  ]);
  const body = Buffer.from(chance.bytes(chance.int(200)));
  const headers = [
    ['tus-resumable', chance.percent(90) ? '1.0.0' : chance.pick(['0.2.2', canary, ''])],
    ['upload-length', chance.percent(60) ? chance.pick(['300', String(chance.int(300))]) : oddNumber(chance)],
    ['upload-offset', chance.percent(60) ? String(chance.int(300)) : oddNumber(chance)],
    ['upload-metadata', metadata],
    ['content-type', chance.percent(80) ? BODY_TYPE['content-type'] : canary],
    ['content-length', chance.percent(80) ? String(body.length) : oddNumber(chance)],
    ['upload-concat', chance.pick(['partial', `final;/${canary}`])],
    ['upload-defer-length', '1'],
    ['x-http-method-override', chance.pick(['DELETE', 'PATCH', canary])],
  ] as const;
  const method = chance.pick(['POST', 'PATCH', 'HEAD'] as const);
  const sent = headers.filter(([name]) => chance.percent(NEEDED[method].includes(name) ? 94 : 6));
  return request(
    `${method} ${chance.pick(parts)} HTTP/1.1`,
    [HOST, CLOSE, bearer(chance, ground, canary), ...sent],
    method === 'HEAD' ? undefined : body,
  );
};

const oddCall: Kind = (chance, ground, canary) => {
  const [path, field] = chance.pick(ground.calls);
  const body = Buffer.from(oddJson(chance, field, chance.pick(ground.notes), canary), 'utf8');
  return call(chance, ground, canary, path, body);
};

const oddNote: Kind = (chance, ground, canary) => {
  const [path, field] = chance.pick(ground.calls);
  const note = bentText(chance, chance.pick(ground.notes), canary);
  return call(chance, ground, canary, path, Buffer.from(JSON.stringify({ [field]: note }), 'utf8'));
};

function call(chance: Seeded, ground: Ground, canary: string, path: string, body: Buffer): Buffer {
  const headers = [
    [
      'content-type',
      chance.percent(92) ? 'application/json' : chance.pick(['text/plain', `application/json;${canary}`]),
    ],
    ['content-length', chance.percent(97) ? String(body.length) : oddNumber(chance)],
    bearer(chance, ground, canary),
  ] as const;
  return request(`POST ${path} HTTP/1.1`, [HOST, CLOSE, ...headers], body);
}

const oddAddress: Kind = (chance, ground, canary) => {
  const path = chance.percent(25) ? chance.pick(ground.paths) : oddPath(chance, ground.paths, canary);
  const method = chance.pick(chance.percent(50) ? ['GET', 'HEAD'] : METHODS.slice(0, 7));
  const length = method === 'POST' || method === 'PATCH' ? [['content-length', '0'] as const] : [];
  return request(`${method} ${path} HTTP/1.1`, [HOST, CLOSE, ...length, bearer(chance, ground, canary)]);
};
