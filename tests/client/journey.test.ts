/** The journey's reducer: what each screen lets through, and what is forgotten when. */
import { describe, expect, test } from 'vitest';
import type { ChosenFile } from '../../client/choose/chosen.ts';
import { hasSomething, isUnderWay, journey, messageOf, START } from '../../client/journey.ts';
import type { JourneyEvent, JourneyState } from '../../client/journey.ts';

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
const ARRIVAL = { note: 'note', day: '2026-11-24', size: 16_384, changed: [] };

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

const ENTERED: readonly JourneyEvent[] = [{ kind: 'returned' }, { kind: 'entered', words: WORDS }];
const TAKEN_UP: readonly JourneyEvent[] = [...ENTERED, { kind: 'resume', parcel: 'ab' }, { kind: 'taken-up' }];

describe('coming back with a codename', () => {
  test('goes from the words to the mailbox; the words are not asked for again before an answer is sent', () => {
    expect(after(...ENTERED)).toMatchObject({ step: 'mailbox', words: WORDS, confirmed: true, returning: true });
    const answered = after(...ENTERED, { kind: 'answer', files: [] }, { kind: 'wrote', message: 'yes' });
    expect(answered.step).toBe('choose');
    expect(journey(answered, { kind: 'chosen' }).step).toBe('upload');
  });

  test('a draft of an answer is kept while the mailbox is read once more', () => {
    const draft = [...ENTERED, { kind: 'answer', files: [] }, { kind: 'wrote', message: 'yes' }] as const;
    const back = after(...draft, { kind: 'back' });
    expect(back).toMatchObject({ step: 'mailbox', message: 'yes', words: WORDS });
  });

  test('what was not finished is taken up, and ends with a receipt and a way back to the mailbox', () => {
    expect(after(...TAKEN_UP)).toMatchObject({ step: 'upload', resuming: 'ab' });
    const received = after(...TAKEN_UP, { kind: 'received', arrival: ARRIVAL });
    expect(received).toMatchObject({ step: 'received', resuming: null, words: WORDS, returning: true });
    expect(journey(received, { kind: 'to-mailbox' })).toEqual(after(...ENTERED));
    expect(after(...SENT, { kind: 'received', arrival: ARRIVAL }, { kind: 'to-mailbox' }).step).toBe('received');
  });

  test('a refusal leads back to the mailbox; what cannot be taken up is sent as something new', () => {
    expect(after(...TAKEN_UP, { kind: 'refused' })).toEqual(after(...ENTERED));
    const files = [file('a.txt')];
    const anew = after(...ENTERED, { kind: 'resume', parcel: 'ab' }, { kind: 'answer', files });
    expect(anew).toMatchObject({ step: 'choose', resuming: null, files, words: WORDS });
  });

  test('the words stay to be compared, and are gone on the way back to the first screen', () => {
    const compared = after(...ENTERED, { kind: 'back' });
    expect(compared).toMatchObject({ step: 'enter', words: WORDS });
    expect(journey(compared, { kind: 'back' })).toEqual(START);
    expect(after(...ENTERED, { kind: 'another' })).toMatchObject({ step: 'enter', words: null });
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
    for (const way of [SENT, TAKEN_UP, [...ENTERED, { kind: 'answer', files: [] } as const]]) {
      for (let count = 0; count <= way.length; count++) {
        expect(after(...way.slice(0, count), { kind: 'left' })).toEqual({ ...START, step: 'left' });
      }
    }
  });

  test('only an upload under way is worth a warning', () => {
    expect(isUnderWay(after(...SENT))).toBe(true);
    expect(isUnderWay(after(...TAKEN_UP))).toBe(true);
    expect(isUnderWay(after(...CHOSEN))).toBe(false);
    expect(isUnderWay(after(...ENTERED))).toBe(false);
    expect(isUnderWay(after(...SENT, { kind: 'received', arrival: ARRIVAL }))).toBe(false);
  });
});
