/** Challenges of work as text: what goes in comes out, and nothing else is taken for one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import {
  encodeAnswer,
  encodeWork,
  MOST_WORK,
  parseAnswer,
  parseWork,
  workHead,
  workTries,
} from '../../../shared/protocol/work.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const challenge = fc
  .tuple(
    fc.integer({ min: 1, max: MOST_WORK }),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    bytes(16),
    bytes(16),
    bytes(16),
  )
  .map(([level, window, fresh, target, mac]) => ({
    level,
    window,
    head: workHead(level, window, fresh),
    target: Uint8Array.from(target),
    mac: Uint8Array.from(mac),
  }));

test('what is encoded is parsed, challenge and answer', () => {
  fc.assert(
    fc.property(challenge, bytes(16), (given, answer) => {
      const text = encodeWork(given);
      expect(text).toMatch(/^[A-Za-z0-9_-]{71}$/);
      expect(parseWork(text)).toEqual(given);
      expect(parseAnswer(encodeAnswer(text, answer))).toEqual({ challenge: given, answer: Uint8Array.from(answer) });
    }),
  );
});

test('what is too short, too long, of another level or not canonical is none', () => {
  fc.assert(
    fc.property(challenge, bytes(16), (given, answer) => {
      const text = encodeWork(given);
      const value = encodeAnswer(text, answer);
      for (const bad of [text.slice(1), `${text}A`, `${text} `, '', `${text.slice(0, -1)}=`]) {
        expect(parseWork(bad)).toBeNull();
        expect(parseAnswer(`${bad}.${toBase64Url(answer)}`)).toBeNull();
      }
      for (const bad of [
        value.slice(0, -1),
        `${value}A`,
        `${value}.`,
        value.replace('.', ','),
        `${value}, ${value}`,
        text,
      ])
        expect(parseAnswer(bad)).toBeNull();
      // 16 bytes leave four bits of the last character that must be zero.
      expect(parseAnswer(value.slice(0, -1) + (value.endsWith('B') ? 'C' : 'B'))).toBeNull();
      for (const level of [0, MOST_WORK + 1, 255])
        expect(parseWork(encodeWork({ ...given, head: workHead(level, given.window, answer) }))).toBeNull();
    }),
  );
});

test('each level asks for twice the tries of the one below', () => {
  for (let level = 1; level < MOST_WORK; level++) expect(workTries(level + 1)).toBe(2 * workTries(level));
  expect(workTries(MOST_WORK)).toBe(32_768);
});
