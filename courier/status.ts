/** What the server holds, in words. */
import type { StatusAnswer } from '../shared/protocol/messages.ts';
import { bytesInWords, countInWords } from './text.ts';

/** Sentences for a status, a line each. */
export function statusInWords({ unfinished, sealed, collected, replies, free }: StatusAnswer): readonly string[] {
  const waiting = Math.max(0, sealed - collected);
  return [
    `The server holds ${countInWords(sealed, 'complete submission')}` +
      (sealed === 0 ? '.' : `, ${waiting === 0 ? 'all of them' : `${collected} of them`} collected.`),
    ...(waiting === 0 ? [] : [`${countInWords(waiting, 'submission waits', 'submissions wait')} to be collected.`]),
    ...(unfinished === 0 ? [] : [`${countInWords(unfinished, 'submission is', 'submissions are')} still being sent.`]),
    replies === 0 ? 'It holds no replies.' : `It holds ${countInWords(replies, 'reply', 'replies')} for sources.`,
    `${bytesInWords(free)} are free on its disk.`,
  ];
}
