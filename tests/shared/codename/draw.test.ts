/** Drawing: seven words, evenly, from randomness alone. */
import { expect, test } from 'vitest';
import { drawCodename } from '../../../shared/codename/draw.ts';
import { parseCodename } from '../../../shared/codename/normalise.ts';
import { CODENAME_WORDS } from '../../../shared/codename/words.ts';
import { random } from '../../kit/random-bytes.ts';

/** Randomness that gives these 16-bit numbers, one after the other. */
function numbers(...values: number[]) {
  const left = [...values];
  return () => {
    const value = left.shift()!;
    return Uint8Array.of(value >> 8, value & 255);
  };
}

const drawn = CODENAME_WORDS.filter((word) => !word.includes('-'));

test('the number of a word is the drawn number modulo the number of words', () => {
  expect(drawCodename(numbers(0, 1, 7_771, 7_772, 7_773, 62_175, 300))).toEqual(
    [0, 1, 7_771, 0, 1, 7_771, 300].map((number) => drawn[number]),
  );
});

test('numbers that would favour the first words are drawn again', () => {
  const random = numbers(62_176, 5, 65_535, 65_000, 6, 7, 8, 9, 10, 11);
  expect(drawCodename(random)).toEqual([5, 6, 7, 8, 9, 10, 11].map((number) => drawn[number]));
});

test('over all two-byte numbers every word that is drawn comes up equally often', () => {
  const counts = new Map<string, number>();
  for (let first = 0; first < 62_174; first += 7)
    for (const word of drawCodename(numbers(...[0, 1, 2, 3, 4, 5, 6].map((step) => first + step))))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const word of drawCodename(numbers(62_174, 62_175, 0, 0, 0, 0, 0)).slice(0, 2))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual([...drawn].sort());
  expect(new Set(counts.values())).toEqual(new Set([8]));
});

test('what is drawn is read back as it is, and is another one each time', () => {
  const codenames = Array.from({ length: 200 }, () => drawCodename(random));
  for (const words of codenames) expect(parseCodename(words.join(' '))).toEqual(words);
  expect(new Set(codenames.map((words) => words.join(' '))).size).toBe(200);
});

test('randomness that gives too little is refused', () => {
  for (const length of [0, 1])
    expect(() => drawCodename(() => new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'internal' }));
});
