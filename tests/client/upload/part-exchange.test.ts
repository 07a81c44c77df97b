/** What each answer of a server, or of whatever stands in its place, means for a part. */
import { expect, test } from 'vitest';
import { meaningOf, requestOf } from '../../../client/upload/part-exchange.ts';
import type { Step } from '../../../client/upload/part-exchange.ts';
import type { HttpAnswer } from '../../../client/upload/transport.ts';
import { fromBase64, toBase64 } from '../../../shared/bytes/base64.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { PROBLEMS } from '../../../shared/problem/codes.ts';
import type { ProblemCode } from '../../../shared/problem/codes.ts';

const CREATE: Step = { kind: 'create' };
const ASK: Step = { kind: 'ask' };
const APPEND: Step = { kind: 'append', offset: 10 };
const STEPS = [CREATE, ASK, APPEND];
const SIZE = 100;
const PART = { size: SIZE, statement: 'sworn — ✓\n' };

const answer = (status: number, offset?: string, text = ''): HttpAnswer => ({
  status,
  text,
  header: (name) => (name === 'upload-offset' ? (offset ?? null) : null),
});
const problem = (code: ProblemCode): HttpAnswer => {
  const { status, title } = PROBLEMS[code];
  return answer(status, undefined, JSON.stringify({ type: 'about:blank', title, status, code }));
};

test('an offset that can be is believed', () => {
  for (const [step, status] of [
    [CREATE, 201],
    [CREATE, 200],
    [ASK, 200],
    [ASK, 204],
    [APPEND, 204],
  ] as const) {
    expect(meaningOf(step, answer(status, '42'), PART)).toEqual({ kind: 'offset', offset: 42, taken: step !== ASK });
    for (const offset of [undefined, '', '101', '-1', '4.2', '0x10', '99999999999999999'])
      expect(meaningOf(step, answer(status, offset), PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
  }
});

test('no answer, 5xx and strangers’ refusals are trouble that passes, never a reason to start over', () => {
  for (const step of [CREATE, APPEND]) {
    expect(meaningOf(step, null, PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
    for (const status of [400, 401, 403, 404, 407, 408, 409, 410, 413, 423, 429, 500, 502, 503, 504, 507, 301])
      expect(meaningOf(step, answer(status, undefined, '<html>'), PART)).toEqual({
        kind: 'trouble',
        next: ASK,
        code: null,
      });
  }
  expect(meaningOf(ASK, null, PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
  expect(meaningOf(ASK, answer(503), PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
});

test('what our server says of trouble that passes is told on', () => {
  for (const code of ['database-away', 'storage-full', 'quota-reached', 'internal', 'part-damaged'] as const)
    expect(meaningOf(APPEND, problem(code), PART)).toEqual({ kind: 'trouble', next: ASK, code });
});

test('a conflict that names the offset is as good as an answer to the question, unless it names ours', () => {
  const conflict = (offset: string): HttpAnswer => ({ ...answer(409, offset), text: problem('offset-conflict').text });
  expect(meaningOf(APPEND, conflict('42'), PART)).toEqual({ kind: 'offset', offset: 42, taken: false });
  expect(meaningOf(APPEND, conflict('3'), PART)).toEqual({ kind: 'offset', offset: 3, taken: false });
  for (const offset of ['10', '101', 'x'])
    expect(meaningOf(APPEND, conflict(offset), PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
  expect(meaningOf(CREATE, conflict('42'), PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
});

test('an offset of other bytes than ours is none: the part is made again', () => {
  const about = (statement: string, offset: string): HttpAnswer => ({
    ...answer(200),
    header: (name) =>
      name === 'upload-metadata'
        ? `statement ${toBase64(utf8Encode(statement))}`
        : name === 'upload-offset'
          ? offset
          : null,
  });
  for (const offset of ['0', '42', '100'])
    expect(meaningOf(ASK, about('another', offset), PART)).toEqual({ kind: 'turn', next: CREATE });
  expect(meaningOf(ASK, about(PART.statement, '42'), PART)).toEqual({ kind: 'offset', offset: 42, taken: false });
  expect(meaningOf(APPEND, about('another', '42'), PART)).toEqual({ kind: 'offset', offset: 42, taken: true });
});

test('another offset is asked for', () => {
  expect(meaningOf(APPEND, problem('offset-conflict'), PART)).toEqual({ kind: 'trouble', next: ASK, code: null });
});

test('a part that is not there is made again; a HEAD that finds nothing leads to a creation', () => {
  expect(meaningOf(APPEND, problem('not-found'), PART)).toEqual({ kind: 'turn', next: CREATE });
  expect(meaningOf(ASK, answer(404), PART)).toEqual({ kind: 'turn', next: CREATE });
  expect(meaningOf(ASK, answer(400), PART)).toEqual({ kind: 'trouble', next: CREATE, code: null });
});

test('a refusal of our own server is one', () => {
  for (const code of [
    'parcel-unknown',
    'parcel-sealed',
    'part-finished',
    'statement-mismatch',
    'limit-exceeded',
  ] as const)
    expect(meaningOf(CREATE, problem(code), PART)).toEqual({ kind: 'refused', code });
  expect(meaningOf(APPEND, problem('parcel-unknown'), PART)).toEqual({ kind: 'refused', code: 'parcel-unknown' });
  expect(meaningOf(CREATE, problem('not-found'), PART)).toEqual({ kind: 'refused', code: 'not-found' });
});

test('any status leads somewhere', () => {
  for (let status = 100; status < 600; status++)
    for (const step of STEPS) expect(meaningOf(step, answer(status, '5'), PART).kind).toBeTypeOf('string');
});

test('the requests are those of tus 1.0, and each says which browser sends', () => {
  const bytes = new Uint8Array(7);
  const part = { ...PART, writer: 12, record: null };
  const tus = { 'tus-resumable': '1.0.0' };
  const writer = `writer ${toBase64(utf8Encode('12'))}`;
  expect(requestOf(ASK, part, bytes)).toEqual({
    method: 'HEAD',
    headers: { ...tus, 'upload-metadata': writer },
    body: null,
  });
  const type = { 'content-type': 'application/offset+octet-stream' };
  expect(requestOf(APPEND, part, bytes)).toEqual({
    method: 'PATCH',
    headers: { ...tus, ...type, 'upload-offset': '10', 'upload-metadata': writer },
    body: bytes,
  });
  const { method, headers, body } = requestOf(CREATE, part, bytes);
  expect([method, headers['upload-length'], body]).toEqual(['POST', '100', bytes]);
  expect(metadataOf(headers)).toEqual({ statement: utf8Encode(part.statement), writer: utf8Encode('12') });
  const record = new Uint8Array([0, 255, 3]);
  expect(metadataOf(requestOf(CREATE, { ...part, record }, bytes).headers)['record']).toEqual(record);
});

function metadataOf(headers: Readonly<Record<string, string>>): Record<string, Uint8Array> {
  const pairs = headers['upload-metadata']!.split(',').map((pair) => pair.split(' '));
  return Object.fromEntries(pairs.map(([key, value]) => [key!, fromBase64(value!)]));
}
