/**
 * What staff do from the page, done by the process that holds the keys: marks, replies, verifying, exporting. Each is told at the terminal and in
 * the log of the case. What only one act needs is loaded when it comes: the process stays for hours.
 */
import { FILES_FOLDER } from '../../shared/parcel/bag.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import type { Examination } from '../case/examine.ts';
import type { PartPool } from '../case/part-pool.ts';
import type { WrittenBag } from '../case/written-bag.ts';
import type { Progress } from '../terminal/progress.ts';
import type { DeskContext } from '../commands/command.ts';
import type { Case } from '../commands/open-case.ts';
import { ownCard } from '../commands/reply.ts';
import type { Session } from '../custody/session.ts';
import { Failure } from '../failure.ts';
import { ownReplies } from '../reply/own-replies.ts';
import { examinationText } from '../text.ts';
import type { CaseLogs } from './case-logs.ts';
import type { Exchange } from './exchange.ts';
import type { Handlers } from './hostile-child.ts';
import type { Jobs, Result } from './jobs.ts';
import { replyView } from './reply-view.ts';
import { exportedText, repliedText, verifiedText } from './viewer-text.ts';

type Acts = Pick<
  Handlers,
  'marks' | 'mark' | 'viewed' | 'replies' | 'reply' | 'verify' | 'extract' | 'job' | 'stop-job'
>;

/** Answers to the child. `say` prints a line that is safe for a terminal. */
export function createStaffActs({
  opened,
  keysFolder,
  exchange,
  session,
  logs,
  jobs,
  context,
}: {
  opened: Case;
  keysFolder: string;
  exchange: Exchange | null;
  session: Session;
  logs: CaseLogs;
  jobs: Jobs;
  context: DeskContext;
}): Acts {
  const { bundle, keys, receiptKeys, identities } = opened;
  const known = new Set(bundle.parcels);
  const say = context.warn;

  /** A parcel of this bundle, and no other name. */
  function here(parcel: string): string {
    if (!known.has(parcel)) throw new Failure('parcel-id', { parcel });
    return parcel;
  }

  async function withPool(work: (pool: PartPool) => Promise<Result>): Promise<Result> {
    const { createPartPool } = await import('../case/part-pool.ts');
    const pool = createPartPool(identities);
    try {
      return await work(pool);
    } finally {
      await pool.close();
    }
  }

  /** What `extract` puts beside the files of a whole bag: its custody. */
  async function withCustody<T>(
    progress: Progress,
    work: (complete: (bag: WrittenBag) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { createFactsReader } = await import('../custody/facts/facts-reader.ts');
    const { writeCustody } = await import('../custody/written-bag.ts');
    const facts = createFactsReader();
    const begun: Session = { ...session, openLog: (parcel) => logs.begin(parcel) };
    try {
      return await work((bag) => writeCustody(bag, opened, { session: begun, facts }, { now: context.now, progress }));
    } finally {
      await facts.close();
    }
  }

  return {
    marks: ({ parcels }) => Promise.all(parcels.map((parcel) => logs.marksOf(here(parcel)))),
    mark: ({ parcel, change }) => logs.mark(here(parcel), change),
    viewed({ parcel, path }) {
      logs.viewed(here(parcel), path);
      return Promise.resolve(null);
    },

    async replies({ mailbox }) {
      const found = await ownReplies(bundle, { keys, keysFolder, receiptKeys, mailboxes: new Set([mailbox]) });
      return found.get(mailbox) ?? [];
    },

    async reply({ parcel, message, attachments }) {
      if (message === '') throw new Failure('message-empty');
      if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES)
        throw new Failure('message-long', { most: MAX_MESSAGE_BYTES });
      if (attachments.length > 0 && exchange === null) throw new Failure('exchange-none');
      const card = ownCard(opened);
      const to = here(parcel);
      const { lookAtAttachments } = await import('../reply/attachments.ts');
      const { proveAddressee } = await import('../reply/addressee.ts');
      const { writeReply } = await import('../reply/write-reply.ts');
      const files: string[] = [];
      for (const path of attachments) files.push(await exchange!.fileIn(path));
      const { record } = await writeReply(
        {
          bundle,
          keysFolder,
          keys,
          card: card.serial,
          addressee: await proveAddressee(to, { bundle, receiptKeys, identities }),
          to,
          message,
          attachments: await lookAtAttachments(files),
          day: dayOf(context.now()),
        },
        context,
      );
      say(repliedText(record, files));
      await logs.append(to, {
        action: 'replied',
        items: record.files.map(({ path, sha256 }) => ({ path, sha256 })),
        values: { number: record.number, reply: record.reply },
      });
      return replyView({ ...record, record, carried: { delivered: null } });
    },

    verify({ parcel }) {
      here(parcel);
      const job = jobs.add('verify', parcel, (progress) =>
        withPool(async (pool) => {
          const { examineParcel } = await import('../case/examine.ts');
          const openSink = () => Promise.resolve(null);
          const examination = await examineParcel(parcel, { bundle, receiptKeys, pool, progress, openSink });
          say(verifiedText(examination));
          await logs.append(parcel, { action: 'verified', values: { state: examination.state } });
          return { sentences: sentencesOf(examination), found: examination.state, folder: null };
        }),
      );
      return Promise.resolve(job);
    },

    async extract({ parcel, out, files }) {
      here(parcel);
      if (exchange === null) throw new Failure('exchange-none');
      const place = await exchange.folderIn(out);
      return jobs.add('extract', parcel, (progress) =>
        withPool(async (pool) => {
          const { extractParcel } = await import('../case/extraction.ts');
          const input = { bundle, receiptKeys, pool, progress, out: place, partial: false };
          const { examination, folder } =
            files === null
              ? await withCustody(progress, (complete) => extractParcel(parcel, { ...input, complete }))
              : await extractParcel(parcel, { ...input, only: new Set(files.map((path) => FILES_FOLDER + path)) });
          say(exportedText(examination, folder));
          // A whole bag that was written is in the log already, with its report.
          if (files !== null || folder === null) {
            const items = (files ?? []).slice(0, 500).map((path) => ({ path: FILES_FOLDER + path, sha256: null }));
            const values = { state: examination.state, folder: folder ?? '' };
            await logs.append(parcel, { action: files === null ? 'extracted' : 'exported', items, values });
          }
          return { sentences: sentencesOf(examination), found: examination.state, folder };
        }),
      );
    },

    job: ({ job }) => Promise.resolve(jobs.get(job)),
    'stop-job': ({ job }) => Promise.resolve(jobs.stop(job)),
  };
}

function sentencesOf(examination: Examination): readonly string[] {
  return examinationText(examination).trimEnd().split('\n');
}
