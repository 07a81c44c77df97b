/** The guided making of keys: question after question, each can be gone back to, and nothing takes the folder's name before the last one is answered. */
import type { Ask, DeskContext } from '../commands/command.ts';
import { destroyFile } from '../durable.ts';
import { Failure } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { keysOf } from '../keys/key-content.ts';
import type { KeyContent } from '../keys/key-content.ts';
import type { RecipientKind } from '../keys/key-texts.ts';
import { askNewPassphrase } from '../keys/passphrase.ts';
import { QUESTIONS, summary } from './guide-text.ts';
import { checkOf } from './paper-lines.ts';
import { sheetsOf } from './print-sheets.ts';
import { MOST_SHARES } from './sheets.ts';
import { removeSheets, writeSheets } from './write-out.ts';

/** What the person has chosen so far; the beginning is what the answer ENTER means. */
interface Draft {
  readonly name: string;
  readonly kind: RecipientKind;
  readonly passphrase: string | null;
  readonly months: number;
  readonly ahead: number;
  readonly shares: number;
  readonly needed: number;
}

/** The outcome of the questions: what createKeyFolder takes. */
export interface Guided {
  readonly content: KeyContent;
  readonly passphrase: string | null;
}

const BACK = 'back';
const START: Draft = { name: '', kind: 'hybrid', passphrase: null, months: 3, ahead: 4, shares: 3, needed: 2 };

/**
 * Asks everything. `make` draws keys for a draft; they are in memory alone. `checkName` says whether a name can be one.
 * Failure `ceremony-stopped` when the answers end, and nothing is left behind.
 */
export async function guide(
  folder: string,
  context: DeskContext,
  {
    checkName,
    make,
  }: {
    checkName: (name: string) => boolean;
    make: (draft: Pick<Draft, 'name' | 'kind' | 'months' | 'ahead'>) => Promise<KeyContent>;
  },
): Promise<Guided> {
  const shown = async (question: string): Promise<string> => {
    const answer = (await context.ask?.(question, 'shown')) ?? null;
    if (answer === null) throw new Failure('ceremony-stopped');
    return answer.trim();
  };
  /** Asks until `read` takes the answer; null is to go back. */
  const until = async <T>(question: string, read: (answer: string) => T | null, wrong: string): Promise<T | null> => {
    for (;;) {
      const answer = await shown(question);
      if (answer.toLowerCase() === BACK) return null;
      const value = read(answer);
      if (value !== null) return value;
      context.warn(wrong);
    }
  };
  const number = (question: string, least: number, most: number, otherwise: number) =>
    until(question, (answer) => wholeNumber(answer, { least, most, otherwise }), QUESTIONS.number(least, most));

  const steps: readonly ((draft: Draft) => Promise<Draft | null>)[] = [
    async (draft) => {
      const name = await until(QUESTIONS.name, (answer) => (checkName(answer) ? answer : null), QUESTIONS.nameWrong);
      return name === null ? null : { ...draft, name };
    },
    async (draft) => {
      const kind = await until(QUESTIONS.kind, kindOf, QUESTIONS.kindWrong);
      return kind === null ? null : { ...draft, kind };
    },
    async (draft) => {
      const typed = await passphraseOf(folder, context);
      return typed === null ? null : { ...draft, ...typed };
    },
    async (draft) => {
      const months = await number(QUESTIONS.months, 1, 24, START.months);
      return months === null ? null : { ...draft, months };
    },
    async (draft) => {
      const ahead = await number(QUESTIONS.ahead, 1, 16, START.ahead);
      return ahead === null ? null : { ...draft, ahead };
    },
    async (draft) => {
      const shares = await number(QUESTIONS.shares, 0, MOST_SHARES, START.shares);
      return shares === null ? null : { ...draft, shares, needed: Math.min(draft.needed, shares) };
    },
    async (draft) => {
      if (draft.shares < 2) return { ...draft, needed: draft.shares };
      const needed = await number(QUESTIONS.needed, 2, draft.shares, START.needed);
      return needed === null ? null : { ...draft, needed };
    },
  ];

  context.warn(QUESTIONS.beginning);
  let drafts: readonly Draft[] = [START];
  for (;;) {
    while (drafts.length <= steps.length) {
      const next = await steps[drafts.length - 1]!(drafts.at(-1)!);
      drafts = next !== null ? [...drafts, next] : drafts.slice(0, Math.max(1, drafts.length - 1));
    }
    const draft = drafts.at(-1)!;
    const content = await make(draft);
    const { root } = await keysOf(content);
    const isPrinted = draft.shares === 0 || (await onPaper(content, draft));
    if (isPrinted) {
      context.warn(summary(draft, { folder, words: wordsOf(root.publicKey), identities: content.identities }));
      const answer = await until(QUESTIONS.confirm, (text) => (text === 'make' ? text : null), QUESTIONS.confirmWrong);
      if (answer !== null) return { content, passphrase: draft.passphrase };
    }
    // Back to the number of sheets: those that were printed are of keys that nobody has now.
    drafts = drafts.slice(0, -2);
  }

  /** Writes the sheets, has them printed and read back, and destroys the files; false is to go back. */
  async function onPaper(content: KeyContent, { shares, needed }: Draft): Promise<boolean> {
    const paper = `${folder}-paper`;
    const printed = await sheetsOf(content, { needed, total: shares, context });
    const files = await writeSheets(paper, printed.pages);
    try {
      context.warn(QUESTIONS.print(paper, files.length));
      for (const [i, { shareLines }] of printed.sheets.entries()) {
        const check = checkOf(shareLines[0]!);
        const read = (answer: string) => (answer.toUpperCase() === check ? answer : null);
        if ((await until(QUESTIONS.readBack(i + 1), read, QUESTIONS.readBackWrong)) === null) return false;
      }
      return true;
    } finally {
      for (const file of files) await destroyFile(file);
      await removeSheets(paper);
    }
  }
}

/** The new passphrase; null is to go back. */
async function passphraseOf(folder: string, context: DeskContext): Promise<{ passphrase: string | null } | null> {
  let isBack = false;
  const ask: Ask = async (question, how) => {
    const answer = (await context.ask?.(question, how)) ?? null;
    isBack = answer?.trim().toLowerCase() === BACK;
    return isBack ? null : answer;
  };
  try {
    return { passphrase: await askNewPassphrase(folder, { ...context, ask }) };
  } catch (error) {
    if (isBack) return null;
    if (error instanceof Failure && error.code === 'passphrase-needed') throw new Failure('ceremony-stopped');
    throw error;
  }
}

function wholeNumber(
  answer: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number | null {
  if (answer === '') return Math.min(otherwise, most);
  const value = /^\d{1,3}$/.test(answer) ? Number(answer) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

function kindOf(answer: string): RecipientKind | null {
  if (answer === '') return 'hybrid';
  return answer === 'hybrid' || answer === 'classic' ? answer : null;
}
