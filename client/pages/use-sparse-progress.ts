/** What a screen reader hears of the progress: each change of phase, and each tenth part; never a stream of figures. */
import { useState } from 'react';
import { t } from '../locales/text.ts';
import type { Situation } from './situation.ts';

const EVERY = 10;

/** What was heard last: the phase, and how many tenths had arrived. */
export interface Heard {
  readonly phase: Situation;
  readonly tenth: number;
}

/** The sentence to read out now, or null to stay silent. The first phase is not read out: the heading has the focus and says it. */
export function sayNext(heard: Heard, phase: Situation, percent: number): string | null {
  if (phase !== heard.phase) return t(`upload.phase-${phase === 'received' ? 'sealing' : phase}`);
  if (phase === 'uploading' && Math.floor(percent / EVERY) > heard.tenth) return t('upload.say-percent', { percent });
  return null;
}

/** The text of the live region. `percent` is whole, from 0 to 100. */
export function useSparseProgress(phase: Situation, percent: number): string {
  const tenth = Math.floor(percent / EVERY);
  const [heard, setHeard] = useState<Heard & { readonly text: string }>({ phase, tenth, text: '' });
  const text = sayNext(heard, phase, percent);
  if (text !== null) setHeard({ phase, tenth, text });
  return text ?? heard.text;
}
