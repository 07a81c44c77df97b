/** What machines exchange: exact shapes, unknown fields refused, and nothing of the input in an error. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROBLEMS } from '../../../shared/problem/codes.ts';
import { CONTENT_SECURITY_POLICY } from '../../../shared/protocol/csp.ts';
import { formatEnvelope, logProofIn, parseEnvelope } from '../../../shared/protocol/envelope.ts';
import type { Envelope } from '../../../shared/protocol/envelope.ts';
import { maxPartCiphertext } from '../../../shared/protocol/limits.ts';
import { openRequest, parcelList } from '../../../shared/protocol/messages.ts';
import { parse, parseJson } from '../../../shared/protocol/parse.ts';
import { parsePartName, partName } from '../../../shared/protocol/part-name.ts';

const envelope = {
  version: 1 as const,
  parcel: 'a'.repeat(32),
  mailbox: 'A'.repeat(43),
  opening: 'one\n',
  parts: ['two "quoted"\n', 'three\n'],
  seal: null,
  receipt: 'four',
};

test('an envelope comes back from its text, with no parts and with many', () => {
  expect(parseEnvelope(formatEnvelope(envelope))).toEqual(envelope);
  expect(parseEnvelope(formatEnvelope({ ...envelope, parts: [] }))).toEqual({ ...envelope, parts: [] });
});

test('any envelope, of either version, comes back from its text, and the text from the envelope', () => {
  const note = fc.string({ maxLength: 40, unit: 'binary' });
  const fields = fc.record({
    parts: fc.array(note, { maxLength: 4 }),
    opening: note,
    seal: fc.option(note),
    receipt: fc.option(note),
    log: fc.option(note),
  });
  fc.assert(
    fc.property(fields, fc.boolean(), ({ log, ...some }, old) => {
      const any: Envelope = old ? { ...envelope, ...some } : { ...envelope, ...some, version: 2, log };
      const text = formatEnvelope(any);
      expect(parseEnvelope(text)).toEqual(any);
      expect(formatEnvelope(parseEnvelope(text))).toBe(text);
      expect(logProofIn(parseEnvelope(text))).toBe(old ? null : log);
    }),
  );
});

test('an envelope with an unknown field, a missing one or another version is refused', () => {
  const refused = expect.objectContaining({ code: 'envelope-invalid' });
  const { seal: _seal, ...withoutSeal } = envelope;
  for (const bad of [
    { ...envelope, extra: 1 },
    withoutSeal,
    { ...envelope, version: 2 },
    { ...envelope, log: null },
    { ...envelope, version: 3, log: null },
    { ...envelope, parcel: '../x' },
    [],
  ])
    expect(() => parseEnvelope(JSON.stringify(bad))).toThrow(refused);
  expect(() => parseEnvelope('{')).toThrow(refused);
});

test('requests with unknown fields are refused, and the error says nothing of them', () => {
  const attempt = () => parse(openRequest, { opening: 'x', secret: 'canary-value' });
  expect(attempt).toThrow(expect.objectContaining({ code: 'bad-request' }));
  expect(attempt).toThrow(PROBLEMS['bad-request'].title);
  expect(() => parseJson(parcelList, '{"parcels":[],"next":-1}')).toThrow(PROBLEMS['bad-request'].title);
  expect(parseJson(parcelList, '{"parcels":[],"next":null}')).toEqual({ parcels: [], next: null });
});

test('part names are six digits and read back', () => {
  expect(partName(17)).toBe('000017.age');
  expect(parsePartName(partName(999_999))).toBe(999_999);
  for (const bad of ['17.age', '0000017.age', '000017.age.part', '../000017.age', '00001٧.age'])
    expect(parsePartName(bad)).toBe(null);
});

test('the bound of a part leaves room for header, nonce and tags', () => {
  expect(maxPartCiphertext(8_388_608)).toBe(65_536 + 16 + 8_388_608 + 128 * 16);
});

test('the policy allows no inline code, no eval but WebAssembly, and no other host', () => {
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|data:|blob:|\*/);
  expect(CONTENT_SECURITY_POLICY).toContain("require-trusted-types-for 'script'; trusted-types postern");
});

test('every problem has an HTTP status and a sentence', () => {
  for (const { status, title } of Object.values(PROBLEMS)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title).toMatch(/^[A-Z].*\.$/);
  }
});
