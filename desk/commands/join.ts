/** `desk join`: makes a key folder anew from sheets of paper. */
import { open } from 'node:fs/promises';
import { joinDone } from '../ceremony-text.ts';
import { readPaper } from '../ceremony/read-paper.ts';
import type { PaperText } from '../ceremony/read-paper.ts';
import { joinSheets } from '../ceremony/sheets.ts';
import { typePaper } from '../ceremony/type-paper.ts';
import { Failure, systemCode } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { keysOf } from '../keys/key-content.ts';
import { checkFree, createKeyFolder } from '../keys/key-folder.ts';
import { askNewPassphrase } from '../keys/passphrase.ts';
import type { Command } from './command.ts';

/** More than all sheets of the largest set have. */
const MOST_TEXT = 1_048_576;

export const join: Command = {
  operands: 1,
  more: true,
  flags: ['no-passphrase'],
  values: [],
  required: [],
  async run({ operands, flags }, context) {
    const [folder = '', ...files] = operands;
    await checkFree(folder);
    const { shares, whole } =
      files.length === 0
        ? await typePaper(context.ask ?? (() => Promise.resolve(null)), context.warn)
        : readPaper(await Promise.all(files.map((file) => readText(file))));
    const content = await joinSheets(shares, whole);
    const passphrase = flags.has('no-passphrase') ? null : await askNewPassphrase(folder, context);
    await createKeyFolder(folder, content, { ...context, passphrase });
    const { root } = await keysOf(content);
    const words = wordsOf(root.publicKey);
    const { organisation, identities, cards } = content;
    return {
      exit: 0,
      text: joinDone(folder, { organisation: organisation.name, words, sealed: passphrase !== null }),
      json: {
        folder,
        organisation: organisation.name,
        words,
        identities: identities.length,
        cards: cards.length,
        passphrase: passphrase !== null,
      },
    };
  },
};

async function readText(path: string): Promise<PaperText> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_TEXT), 0, MOST_TEXT, null);
      return { name: path, text: buffer.toString('utf8', 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Failure('paper-unreadable', { path, reason: systemCode(error) ?? 'unknown' });
  }
}
