/** Coming back with a codename: entering it, what it shows, and going on with what was not finished. */
import { useCallback, useEffect, useState } from 'react';
import type { Submission } from '../upload/submission-types.ts';
import { EnterPage } from './EnterPage.tsx';
import { MailboxPage } from './MailboxPage.tsx';
import type { RestProps } from './rest-props.ts';
import { ResumePage } from './ResumePage.tsx';
import { Running } from './Running.tsx';
import { useMailbox } from './use-mailbox.ts';

export function Returning(props: RestProps) {
  const { state, dispatch } = props;
  if (state.step === 'enter' || state.words === null) {
    return (
      <EnterPage
        words={state.words}
        onEntered={(words) => dispatch({ kind: 'entered', words })}
        onBack={() => dispatch({ kind: 'back' })}
      />
    );
  }
  return <Opened {...props} words={state.words} />;
}

function Opened({
  card,
  state,
  words,
  dispatch,
  refused,
  onRefused,
}: RestProps & { readonly words: readonly string[] }) {
  const view = useMailbox(words, card);
  const [submission, setSubmission] = useState<Submission | null>(null);
  useEffect(() => () => submission?.stop(), [submission]);
  const takeUp = useCallback(
    (started: Submission) => {
      setSubmission(started);
      dispatch({ kind: 'taken-up' });
    },
    [dispatch],
  );
  const unfinished = view.look?.unfinished.find(({ parcel }) => parcel === state.resuming) ?? null;

  if (state.step === 'upload' && submission !== null) {
    return (
      <Running
        card={card}
        submission={submission}
        kind="resumed"
        dispatch={dispatch}
        onRefused={(code) => {
          setSubmission(null);
          void view.refresh();
          onRefused(code);
        }}
      />
    );
  }
  if (state.step === 'resume' && view.signedIn !== null && unfinished !== null) {
    return (
      <ResumePage
        card={card}
        signedIn={view.signedIn}
        unfinished={unfinished}
        away={view.away}
        onStart={takeUp}
        onAnew={async (files) => {
          const problem = await view.act((mailbox) => mailbox.withdraw(unfinished.parcel));
          if (problem === null) dispatch({ kind: 'answer', files });
          return problem;
        }}
        onBack={() => {
          void view.refresh();
          dispatch({ kind: 'back' });
        }}
      />
    );
  }
  return (
    <MailboxPage
      card={card}
      view={view}
      refused={refused}
      onResume={(parcel) => dispatch({ kind: 'resume', parcel })}
      onWrite={() => dispatch({ kind: 'answer', files: [] })}
      onCompare={() => dispatch({ kind: 'back' })}
      onAnother={() => dispatch({ kind: 'another' })}
    />
  );
}
