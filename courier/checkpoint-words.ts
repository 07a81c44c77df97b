/** What `checkpoint` did and found, in lines for people, with the commands that go on from there. */
import type { AnswerFinding, AnswerReport } from './checkpoint-answer.ts';
import type { CheckpointFinding, CheckpointReport } from './checkpoint.ts';
import { countInWords } from './text.ts';

const FINDINGS: Readonly<Record<CheckpointFinding, string>> = {
  signature:
    'The checkpoint is not signed by the receipt key of the card in the bundle. Nothing was kept; ask the server’s operator, and tell the desk.',
  tiles:
    'The server signed a checkpoint that its own log does not bear out. It is kept as evidence: ask the server’s operator, and tell the desk.',
  fork: 'THE SERVER HAS SIGNED TWO HISTORIES: what it signed before is not the beginning of what it signs now. Both are kept as evidence. Trust no receipt until it is known why, and keep this bundle.',
  shorter:
    'The log was longer before. If the server was just restored, its operator must begin a new log; if this says the same in a minute, tell the desk.',
  'other-log':
    'This is another log than the one known so far. After a restore the server begins a new one: have its operator confirm that, and tell the desk.',
};

const ANSWERS: Readonly<Record<AnswerFinding, string>> = {
  'not-an-answer': 'That file is no answer of a time-stamping authority (RFC 3161). Nothing was kept.',
  refused: 'The authority did not grant the time stamp. Nothing was kept; ask again, or another one.',
  unknown: 'The answer is about none of the checkpoints in this bundle. Nothing was kept.',
  'other-request': 'The answer does not bear the number of the request that lies there. Nothing was kept.',
};

/** `bundle` as it was typed: the commands work in the folder where the courier was called. */
export function checkpointInWords(
  { finding, log, size, before, files, fresh }: CheckpointReport,
  bundle: string,
): string[] {
  const words = finding === null ? [] : [FINDINGS[finding]];
  if (log === null || size === null) return words;
  const held = before === null ? 'the first in this bundle' : before === size ? 'as before' : `grown from ${before}`;
  words.push(`${log}: ${countInWords(size, 'leaf', 'leaves')}, ${held}.`);
  const [note = '', request = ''] = files.map((name) => pathIn(bundle, name));
  words.push(fresh ? `Kept as ${note}.` : `It was kept already as ${note}.`);
  if (finding === null)
    words.push(
      'Publish that file where many people see it, or have it time-stamped, before any footage is published:',
      `  openssl ts -query -in ${quoted(request)} -text`,
      `  curl -H 'Content-Type: application/timestamp-query' --data-binary ${quoted(`@${request}`)} URL-OF-AN-AUTHORITY -o answer.tsr`,
      `  courier checkpoint ${quoted(bundle)} --answer answer.tsr`,
    );
  return words;
}

export function answerInWords({ finding, checkpoint, time }: AnswerReport, bundle: string): string[] {
  if (finding !== null) return [ANSWERS[finding]];
  const [note, stamp] = [pathIn(bundle, `${checkpoint}.note`), pathIn(bundle, `${checkpoint}.tsr`)];
  return [
    `Kept as ${stamp}. By the word of the authority ${note} was there on ${dateInWords(time ?? '')}.`,
    'Only its form was checked here. With the authority’s certificate:',
    `  openssl ts -verify -data ${quoted(note)} -in ${quoted(stamp)} -CAfile AUTHORITY.pem`,
  ];
}

function pathIn(bundle: string, name: string): string {
  return `${bundle.replace(/\/+$/, '')}/checkpoints/${name}`;
}

/** For a shell: as it is where that is one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `2026-11-24 12:00:00 UTC` */
function dateInWords(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3 $4:$5:$6 UTC');
}
