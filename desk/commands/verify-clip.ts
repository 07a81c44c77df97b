/** `desk verify-clip`: checks a proof that `desk prove` wrote. Needs no keys but the public root key. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { Failure } from '../failure.ts';
import { ClipFault } from '../proof/clip-fault.ts';
import { clipFaultText, clipHoldsText } from '../proof/proof-texts.ts';
import { verifyClip } from '../proof/verify-clip.ts';
import { writingClip } from '../proof/write-clip.ts';
import type { Command } from './command.ts';

export const verifyClipCommand: Command = {
  operands: 1,
  flags: [],
  values: ['root', 'write'],
  required: ['root'],
  async run({ operands, values }) {
    const folder = operands[0]!;
    const root = rootKey(values.get('root')!);
    const write = values.get('write');
    try {
      const clip =
        write === undefined
          ? await verifyClip(folder, root)
          : await writingClip(write, (take) => verifyClip(folder, root, take));
      return { exit: 0, text: clipHoldsText(clip), json: { proved: true, ...clip } };
    } catch (error) {
      if (!(error instanceof ClipFault)) throw error;
      return { exit: 1, text: clipFaultText(error.code), json: { proved: false, fault: error.code } };
    }
  },
};

function rootKey(text: string): Uint8Array {
  try {
    return fromBase64Url(text, 32);
  } catch {
    throw new Failure('root-key');
  }
}
