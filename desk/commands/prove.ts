/** `desk prove`: proves that a clip is part of a file that was received, without showing the rest. */
import { startSession } from '../custody/session.ts';
import { readKeyFolder } from '../keys/key-folder.ts';
import { findBoundFile } from '../proof/bound-bag.ts';
import { CHUNK } from '../proof/chunk-tree.ts';
import type { Clip, OpenedName } from '../proof/clip-proof.ts';
import { findReceipt } from '../proof/find-receipt.ts';
import { proveClip } from '../proof/prove-clip.ts';
import { provedText } from '../proof/proof-texts.ts';
import { countShown, joinClips } from '../proof/shown-chunks.ts';
import { formatTime, parseWanted } from '../proof/span/clip-place.ts';
import { readSpan } from '../proof/span/read-span.ts';
import type { Span } from '../proof/span/span.ts';
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
    const { clips, spans } = await readWanted(options, path, size);
    const bundle = values.get('receipt');
    const receipt = bundle === undefined ? null : await findReceipt(bundle, bound, keys.root.publicKey);
    const open = openedBy(options);
    const session = await startSession({ keys, card: null }, options, context);
    const log = await session.openLog(bound.parcel);
    const bar = context.progress.start(printable(bound.file.path).slice(0, 24), size);
    try {
      await proveClip({ path, bound, clips, open, deskNote: keys.deskNote, receipt, spans, out, bar });
    } finally {
      bar.end();
    }
    const ranges = clips.map((clip) => `${clip.from}-${clip.to}`).join(' ');
    const times = spans.map(({ first, last }) => `${formatTime(first)}-${formatTime(last)}`).join(' ');
    const { path: inBag, sha256 } = bound.file;
    await log.append({
      action: 'proved',
      items: [{ path: inBag, sha256 }],
      values: { ranges, ...(spans.length === 0 ? {} : { times }), told: [...open].join(' ') },
    });
    const shown = Math.min(size, countShown(clips) * CHUNK);
    return {
      exit: 0,
      text: provedText(out, { clips, spans, shown, size, open: [...open], receipt }),
      json: {
        out,
        path: bound.file.path,
        size,
        clips,
        times: spans.map(({ first, last }) => ({ first, last })),
        shown,
        told: [...open],
      },
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

/** What is asked for: bytes, and times of which the bytes are looked for in the file. Failures `proof-range`, `proof-time-…`. */
async function readWanted(
  { values, lists }: Options,
  path: string,
  size: number,
): Promise<{ clips: readonly Clip[]; spans: readonly Span[] }> {
  const texts = [`${values.get('from')!}-${values.get('to')!}`, ...(lists.get('also') ?? [])];
  const wanted = texts.map((text) => parseWanted(text, size));
  const spans: Span[] = [];
  for (const each of wanted) if (each.kind === 'time') spans.push(await readSpan(path, each.span));
  const clips = wanted.flatMap((each) => (each.kind === 'bytes' ? [each.clip] : []));
  return { clips: joinClips([...clips, ...spans.flatMap((span) => span.clips)]), spans };
}
