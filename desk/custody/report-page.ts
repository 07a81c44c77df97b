/** A report as a page to read: sections of plain blocks, which report-html.ts and report-pdf.ts set. What strangers chose is made printable here. */
import { count, formatSeconds, formatSize } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { ACTIONS } from './actions.ts';
import type { CaseEvent } from './case-event.ts';
import type { Report } from './report-data.ts';
import type { ReportItem } from './report-item.ts';
import { CERTIFICATE, STATES, VERDICTS } from './report-words.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'list'; readonly lines: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'facts'; readonly title: string | null; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'sign'; readonly lines: readonly string[] };

export interface Section {
  readonly title: string;
  /** It begins on a page of its own when printed. */
  readonly newPage: boolean;
  readonly blocks: readonly Block[];
}

/** Files and events that the page names; all of them stand in report.json and events.txt. */
const FILES_SHOWN = 1000;
const EVENTS_SHOWN = 500;

/** All that a reader is shown of a report. */
export function reportPage(report: Report, events: readonly CaseEvent[]): readonly Section[] {
  const { items, gaps, findings, proofs, parts, keys, made } = report;
  return [
    section('The parcel', [
      ...(report.demonstration ? [warning('This organisation is a demonstration.')] : []),
      ...(made.clock.doubt === null ? [] : [warning(made.clock.doubt)]),
      facts(null, [
        ['Parcel', report.parcel],
        ['Organisation', printable(report.organisation)],
        ['State', `${report.state}: ${STATES[report.state]}`],
        ['Received by the server', proofs.received ?? 'no receipt that holds'],
        ['Sealed by the source', proofs.sealed ? 'yes' : 'no'],
        [
          'Receipt in the log',
          proofs.log === null
            ? 'not proved'
            : `leaf ${proofs.log.index} (from 0) of ${printable(proofs.log.origin)} when it had ${proofs.log.size} leaves`,
        ],
        [
          'Time stamp on the log',
          proofs.checkpointStamp === null
            ? 'none in the bundle'
            : 'custody/checkpoint.tsr: its form was checked; whose it is, only openssl ts -verify tells',
        ],
        ['Root hash over the parts (RFC 6962)', proofs.root ?? 'none'],
        [
          'Parts',
          `${parts.statements.length} of ${parts.count ?? 'an unknown number'}, counted from 0, of at most ${parts.size ?? 0} bytes`,
        ],
        [
          'Files that can be named',
          `${items.length}, ${formatSize(items.reduce((sum, { size }) => sum + (size ?? 0), 0))}`,
        ],
        ['Report made', `${made.time} by ${made.clock.source}`],
        ['Made by', `${printable(report.by.role)} at the desk ${printable(report.by.device)}`],
      ]),
    ]),
    section('What is proved', [list(report.proved)]),
    section('What is not proved', [list(report.notProved)]),
    section('Gaps', [gaps.length === 0 ? text('None were found.') : list(gaps)]),
    ...(findings.length === 0
      ? []
      : [section('Findings', [list(findings.map(({ code, sentence }) => `${sentence} (${code})`))])]),
    section('Keys', [
      facts(null, [
        ['Root key', keys.root],
        ['Its fingerprint', keys.fingerprint],
        ['Key of the desk', keys.desk],
        ['Key of the source', proofs.mailbox ?? 'not proved'],
        ['Key card of the parcel', String(keys.card.sealedUnder ?? 'not proved')],
        ['Key card in the bundle', keys.card.serial === null ? 'none' : `${keys.card.serial} of ${keys.card.issued}`],
      ]),
      ...keys.recipients.map((recipient, i) =>
        facts(`Recipient ${i + 1} of the key card in the bundle`, [
          ['SHA-256 of the recipient', recipient.sha256],
          ['Days', `${recipient.from} to ${recipient.until}`],
          ['Held by', printable(recipient.heldBy)],
        ]),
      ),
    ]),
    section('Files', [
      text(
        'Types, times and metadata are what the files and their names say of themselves. Characters that could mislead stand as escapes, in print also those that its font lacks, and there each stretch of a script that runs from right to left is set by itself. The exact names are in report.json. Parts are counted from 0.',
      ),
      ...items.slice(0, FILES_SHOWN).map((item) => itemBlock(item)),
      ...(items.length > FILES_SHOWN ? [warning(`${items.length - FILES_SHOWN} more files are in report.json.`)] : []),
    ]),
    section('Events', [
      text(
        `What was done with the parcel at this desk: ${count(report.events.count, 'event')}, counted from 0, each naming the hash of the one before. The hash of the last is ${report.events.head}. That this report was made is an event that comes after it.`,
      ),
      ...(events.length > EVENTS_SHOWN
        ? [warning(`The first ${events.length - EVENTS_SHOWN} are in events.txt.`)]
        : []),
      ...events.slice(-EVENTS_SHOWN).map((event) => eventBlock(event)),
    ]),
    section(
      'How to check',
      report.verify.flatMap(({ what, command }) => [text(what), { kind: 'code' as const, text: command }]),
    ),
    {
      title: 'Certificate',
      newPage: true,
      blocks: [
        text(`Parcel ${report.parcel}. The SHA-256 of report.json stands in report.note, signed by the desk.`),
        list(CERTIFICATE),
        { kind: 'sign', lines: ['Name', 'Role', 'Place and date', 'Signature'] },
      ],
    },
  ];
}

function itemBlock(item: ReportItem): Block {
  const { metadata, type } = item;
  return facts(printable(item.path), [
    ['State', VERDICTS[item.verdict]],
    ['Size', item.size === null ? 'unknown' : `${item.size} bytes`],
    ['Type', `${type.claimed ?? 'none'} by name, ${type.detected ?? 'none known'} by its first bytes`],
    ['SHA-256', item.sha256 ?? 'not all of it is here'],
    ['SHA-512', item.sha512 ?? (item.metadata === null ? 'not computed' : 'not computed yet: desk report adds it')],
    ...(item.parts === null
      ? []
      : [['Parts', item.parts[0] === item.parts[1] ? String(item.parts[0]) : item.parts.join(' to ')] as const]),
    ...(item.modified === null ? [] : [['Time that it bears', item.modified] as const]),
    ...(item.stored === null ? [] : [['Written as', printable(item.stored)] as const]),
    ...(metadata === null ? [] : [['Embedded metadata', metadataText(metadata)] as const]),
    ['Derivation', item.derivation],
  ]);
}

function metadataText(metadata: NonNullable<ReportItem['metadata']>): string {
  const { exif, xmp, iptc, c2pa, gps, make, model, software, created, duration, codecs, problem } = metadata;
  const kinds = [exif && 'EXIF', xmp && 'XMP', iptc && 'IPTC', c2pa && 'C2PA (not verified)', gps && 'a position'];
  const said = [
    ...kinds.filter((kind) => kind !== false),
    ...(make === null ? [] : [`make ${make}`]),
    ...(model === null ? [] : [`model ${model}`]),
    ...(software === null ? [] : [`software ${software}`]),
    ...(created === null ? [] : [`created ${created}`]),
    ...(duration === null ? [] : [`duration ${formatSeconds(duration)}`]),
    ...(codecs.length === 0 ? [] : [`codecs ${codecs.join(', ')}`]),
    ...(problem === null ? [] : [`could not be read to the end (${problem})`]),
  ];
  return said.length === 0 ? 'none found' : printable(said.join('; '));
}

function eventBlock(event: CaseEvent): Block {
  const { time, clock, actor, device, action, items, reason } = event;
  return facts(`${event.sequence}. ${action}: ${ACTIONS[action].words}`, [
    ['Time', `${time} by ${clock.source}${clock.doubt === null ? '' : `, doubtful: ${clock.doubt}`}`],
    ['Who', printable(`${actor} at the desk ${device}`)],
    ...(items.length === 0
      ? []
      : [
          [
            'Files',
            printable(
              items
                .slice(0, 5)
                .map(({ path }) => path)
                .join(', '),
            ) + (items.length > 5 ? ` and ${items.length - 5} more` : ''),
          ] as const,
        ]),
    ...(reason === null ? [] : [['Reason', printable(reason)] as const]),
  ]);
}

function section(title: string, blocks: readonly Block[]): Section {
  return { title, newPage: false, blocks };
}

function text(words: string): Block {
  return { kind: 'text', text: words };
}

function warning(words: string): Block {
  return { kind: 'warning', text: words };
}

function list(lines: readonly string[]): Block {
  return { kind: 'list', lines };
}

function facts(title: string | null, rows: readonly (readonly [string, string])[]): Block {
  return { kind: 'facts', title, rows };
}
