/** The page: conversations, one conversation, its files, one file; as many of them side by side as the window has room for. */
import { useCallback, useState } from 'react';
import type { ConversationView, FileView, Start } from './api.ts';
import { FilePane } from './file/FilePane.tsx';
import { FilesPane } from './file/FilesPane.tsx';
import { useFilesState } from './file/use-files-state.ts';
import { Head } from './Head.tsx';
import { ConversationList } from './list/ConversationList.tsx';
import { shortName } from './list/source-name.ts';
import { t } from './locales/text.ts';
import { conversationPath } from './ask/paths.ts';
import { read } from './ask/requests.ts';
import { useAct } from './ask/use-act.ts';
import { useLoaded } from './ask/use-loaded.ts';
import { Thread } from './thread/Thread.tsx';
import { RefusalNotice } from './ui/RefusalNotice.tsx';
import { useViews } from './use-views.ts';
import { ExportDialog } from './work/ExportDialog.tsx';
import { JobList } from './work/JobList.tsx';
import { ReplyDialog } from './work/ReplyDialog.tsx';
import { useJobs } from './work/use-jobs.ts';

type Asked =
  | { readonly kind: 'export'; readonly parcel: string; readonly files: readonly FileView[] | null }
  | { readonly kind: 'reply'; readonly parcel: string };

export function Desk({ start }: { readonly start: Start }) {
  const { view, push, replace, back } = useViews();
  const [round, setRound] = useState(0);
  const [asked, setAsked] = useState<Asked | null>(null);
  const conversation = view.level === 'list' ? null : view.conversation;
  const load = useCallback(
    (signal: AbortSignal) =>
      conversation === null ? null : read<ConversationView>(conversationPath(conversation), signal),
    [conversation],
  );
  const [loaded, again] = useLoaded(load);
  const changed = useCallback(() => {
    setRound((before) => before + 1);
    again();
  }, [again]);
  const jobs = useJobs(changed);
  const order = useAct();
  const submission = view.level === 'files' || view.level === 'file' ? view.submission : null;
  const filesState = useFilesState(submission?.parcel ?? null);
  const file = view.level === 'file' ? view.files[view.at] : undefined;

  return (
    <div className="desk" data-level={view.level}>
      <a className="skip" href="#main" onClick={(event) => skip(event)}>
        {t('app.skip')}
      </a>
      <Head start={start} />
      {order.refusal === null ? null : <RefusalNotice refusal={order.refusal} />}
      <main id="main" tabIndex={-1} className="columns">
        <ConversationList
          current={conversation}
          round={round}
          onOpen={(id) => push({ level: 'thread', conversation: id })}
        />
        {conversation === null ? (
          <section className="column column-thread">
            <p className="empty">{t('thread.choose')}</p>
          </section>
        ) : (
          <Thread
            key={conversation}
            id={conversation}
            loaded={loaded}
            found={jobs.found}
            canReply={start.canReply}
            whyNot={start.whyNot}
            onAgain={again}
            onClose={back}
            acts={{
              onFiles: (chosen) => push({ level: 'files', conversation, submission: chosen }),
              onReply: ({ parcel }) => setAsked({ kind: 'reply', parcel }),
              onExport: (parcel, files) => setAsked({ kind: 'export', parcel, files }),
              onVerify: (parcel) => void order.run(async () => void (await jobs.start(parcel, 'verify', null))),
              onChanged: changed,
            }}
          />
        )}
        {view.level === 'files' ? (
          <FilesPane
            key={view.submission.parcel}
            submission={view.submission}
            state={filesState}
            onOpen={(files, at) => push({ ...view, level: 'file', files, at })}
            onExport={(files) => setAsked({ kind: 'export', parcel: view.submission.parcel, files })}
            onClose={back}
          />
        ) : null}
        {view.level === 'file' && file !== undefined ? (
          <FilePane
            file={file}
            at={view.at}
            count={view.files.length}
            onMove={(by) => {
              filesState.setActive(view.at + by);
              replace({ ...view, at: view.at + by });
            }}
            onExport={() => setAsked({ kind: 'export', parcel: view.submission.parcel, files: [file] })}
            onClose={back}
          />
        ) : null}
      </main>
      <JobList jobs={jobs} />
      {asked?.kind === 'export' ? (
        <ExportDialog {...asked} exchange={start.exchange ?? null} jobs={jobs} onClose={() => setAsked(null)} />
      ) : null}
      {asked?.kind === 'reply' && conversation !== null ? (
        <ReplyDialog
          parcel={asked.parcel}
          source={shortName(conversation)}
          exchange={start.exchange ?? null}
          onWritten={changed}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </div>
  );
}

/** The fragment stays free: only a token is ever read from it. */
function skip(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
