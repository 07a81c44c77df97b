/** `desk list`: what came. */
import { previewParcel } from '../case/preview.ts';
import type { Preview } from '../case/preview.ts';
import { findingsJson } from '../case/report.ts';
import { bundleText, findingLines, LIST_END, previewText } from '../text.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';

export const list: Command = {
  operands: 1,
  flags: [],
  values: ['keys', 'parcel'],
  required: ['keys'],
  async run(options, context) {
    const { keys, bundle, receiptKeys, identities, findings, parcels } = await openCase(options, context);
    const previews: Preview[] = [];
    for (const parcel of parcels) previews.push(await previewParcel(parcel, { bundle, receiptKeys, identities }));
    const sound = previews.every(({ state }) => state === 'sealed' || state === 'unfinished');
    const good = findings.list().length === 0 && sound;
    return {
      exit: good ? 0 : 1,
      text:
        bundleText(keys.organisation.name, previews.length) +
        findingLines(findings) +
        previews.map((preview) => previewText(preview)).join('\n') +
        LIST_END,
      json: {
        organisation: keys.organisation.name,
        ...findingsJson(findings),
        parcels: previews.map((preview) => ({ ...preview, ...findingsJson(preview.findings) })),
      },
    };
  },
};
