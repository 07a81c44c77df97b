/** The journey's reducer: what each screen lets through, and what is forgotten when. */
import { describe, expect, test } from 'vitest';
import type { ChosenFile } from '../../client/choose/chosen.ts';
import { hasSomething, isUnderWay, journey, messageOf, START } from '../../client/journey.ts';
import type { JourneyEvent, JourneyState } from '../../client/journey.ts';

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
const ARRIVAL = { note: 'note', day: '2026-11-24', size: 16_384 };

function file(path: string): ChosenFile {
  return { path, wanted: path, file: new File(['x'], path) };
}

function after(...events: readonly JourneyEvent[]): JourneyState {
  return events.reduce(journey, START);
}

const CHOSEN: readonly JourneyEvent[] = [
  { kind: 'begun' },
  { kind: 'files', files: [file('a.txt')] },
  { kind: 'wrote', message: 'hello' },
  { kind: 'chosen' },
];
const SENT: readonly JourneyEvent[] = [
  ...CHOSEN,
  { kind: 'drawn', words: WORDS },
  { kind: 'noted' },
  { kind: 'confirmed' },
];

describe('the way through', () => {
  test('goes from reading to the receipt, one screen at a time', () => {
    const steps = [...SENT, { kind: 'received', arrival: ARRIVAL } as const].map(
      (_, index, events) => after(...events.slice(0, index + 1)).step,
    );
    expect(steps).toEqual(['choose', 'choose', 'choose', 'codename', 'codename', 'confirm', 'upload', 'received']);
  });

  test('does not go on with nothing chosen, nor with a message of spaces', () => {
    expect(after({ kind: 'begun' }, { kind: 'chosen' }).step).toBe('choose');
    const blank = after({ kind: 'begun' }, { kind: 'wrote', message: ' \n ' }, { kind: 'chosen' });
    expect(blank.step).toBe('choose');
    expect(messageOf(blank)).toBeNull();
    expect(hasSomething(blank)).toBe(false);
  });

  test('keeps the message as it was written', () => {
    expect(messageOf(after({ kind: 'begun' }, { kind: 'wrote', message: '  two\nlines \n' }))).toBe('  two\nlines \n');
  });

  test('does not leave the codename before there is one', () => {
    expect(after(...CHOSEN, { kind: 'noted' }).step).toBe('codename');
  });

  test('draws once: going back and forth shows the same words', () => {
    const again = after(
      ...CHOSEN,
      { kind: 'drawn', words: WORDS },
      { kind: 'back' },
      { kind: 'chosen' },
      { kind: 'drawn', words: WORDS.toReversed() },
    );
    expect(again.words).toEqual(WORDS);
    expect(after(...SENT.slice(0, -1), { kind: 'back' }).step).toBe('codename');
  });

  test('an event of another screen changes nothing', () => {
    for (const event of [...SENT.slice(1), { kind: 'back' } as const, { kind: 'refused' } as const]) {
      expect(journey(START, event)).toBe(START);
    }
  });
});

describe('when the server says no', () => {
  test('everything chosen and the confirmed codename stay, and sending needs neither again', () => {
    const refused = after(...SENT, { kind: 'refused' });
    expect(refused).toMatchObject({ step: 'choose', message: 'hello', words: WORDS, confirmed: true });
    expect(refused.files).toHaveLength(1);
    expect(journey(refused, { kind: 'chosen' }).step).toBe('upload');
  });
});

describe('what is forgotten', () => {
  test('files, message and codename are let go as soon as the receipt is there', () => {
    expect(after(...SENT, { kind: 'received', arrival: ARRIVAL })).toEqual({
      ...START,
      step: 'received',
      arrival: ARRIVAL,
    });
  });

  test('leaving clears everything, from any screen', () => {
    for (let count = 0; count <= SENT.length; count++) {
      expect(after(...SENT.slice(0, count), { kind: 'left' })).toEqual({ ...START, step: 'left' });
    }
  });

  test('only an upload under way is worth a warning', () => {
    expect(isUnderWay(after(...SENT))).toBe(true);
    expect(isUnderWay(after(...CHOSEN))).toBe(false);
    expect(isUnderWay(after(...SENT, { kind: 'received', arrival: ARRIVAL }))).toBe(false);
  });
});
