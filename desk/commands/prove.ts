/** `desk prove`: proves that a clip is part of a file that was received, without showing the rest. */
import { startSession } from '../custody/session.ts';
import { Failure } from '../failure.ts';
import { readKeyFolder } from '../keys/key-folder.ts';
import { findBoundFile } from '../proof/bound-bag.ts';
import { CHUNK } from '../proof/chunk-tree.ts';
import type { Clip, OpenedName } from '../proof/clip-proof.ts';
import { findReceipt } from '../proof/find-receipt.ts';
import { proveClip } from '../proof/prove-clip.ts';
import { provedText } from '../proof/proof-texts.ts';
import { countShown, joinClips } from '../proof/shown-chunks.ts';
import { printable } from '../terminal/printable.ts';
import type { Command, Options } from './command.ts';

export const prove: Command = {
  operands: 1,
  flags: ['name', 'hash'],
  values: ['keys', 'from', 'to', 'out', 'receipt', 'cases', 'role'],
  lists: ['also'],
  required: ['keys', 'from', 'to', 'out'],
  async run(options, context) {
    const { operands, values } = options;
    const path = operands[0]!;
    const out = values.get('out')!;
    const keys = await readKeyFolder(values.get('keys')!, context);
    const bound = await findBoundFile(path, keys.desk);
    const { size } = bound.file;
    const clips = rangesOf(options, size);
    const bundle = values.get('receipt');
    const receipt = bundle === undefined ? null : await findReceipt(bundle, bound, keys.root.publicKey);
    const open = openedBy(options);
    const session = await startSession({ keys, card: null }, options, context);
    const log = await session.openLog(bound.parcel);
    const bar = context.progress.start(printable(bound.file.path).slice(0, 24), size);
    try {
      await proveClip({ path, bound, clips, open, deskNote: keys.deskNote, receipt, out, bar });
    } finally {
      bar.end();
    }
    const ranges = clips.map((clip) => `${clip.from}-${clip.to}`).join(' ');
    const { path: inBag, sha256 } = bound.file;
    await log.append({
      action: 'proved',
      items: [{ path: inBag, sha256 }],
      values: { ranges, told: [...open].join(' ') },
    });
    const shown = Math.min(size, countShown(clips) * CHUNK);
    return {
      exit: 0,
      text: provedText(out, { clips, shown, size, open: [...open] }),
      json: { out, path: bound.file.path, size, clips, shown, told: [...open] },
    };
  },
};

function openedBy({ flags, values }: Options): ReadonlySet<OpenedName> {
  const names: OpenedName[] = [];
  if (flags.has('name')) names.push('name');
  if (flags.has('hash')) names.push('sha256');
  if (values.has('receipt')) names.push('parcel', 'seal');
  return new Set(names);
}

/** The ranges asked for, in order and joined where they touch. Failure `proof-range`. */
function rangesOf({ values, lists }: Options, size: number): readonly Clip[] {
  const texts = [`${values.get('from')!}-${values.get('to')!}`, ...(lists.get('also') ?? [])];
  const clips = texts.map((text) => {
    const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
    const clip = { from: Number(from), to: Number(to) };
    if (!(clip.from < clip.to && clip.to <= size)) throw new Failure('proof-range', { size });
    return clip;
  });
  return joinClips(clips);
}
