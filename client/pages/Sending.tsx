/** From the codename to the receipt. This is the part of the page that brings the cryptography; it is fetched after the first screen. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { drawCodename } from '../../shared/codename/draw.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Card } from '../../shared/statements/card.ts';
import { messageOf } from '../journey.ts';
import type { JourneyEvent, JourneyState } from '../journey.ts';
import { startSubmission, warmUp } from '../upload/submission.ts';
import type { Submission } from '../upload/submission-types.ts';
import { systemRandom } from '../upload/system-random.ts';
import { CodenamePage } from './CodenamePage.tsx';
import { ConfirmPage } from './ConfirmPage.tsx';
import { ReceivedPage } from './ReceivedPage.tsx';
import { UploadPage } from './UploadPage.tsx';

export interface SendingProps {
  readonly card: Card;
  readonly state: JourneyState;
  readonly dispatch: (event: JourneyEvent) => void;
  /** The submission came to an end that only starting anew can change. */
  readonly onRefused: (code: ProblemCode) => void;
}

export function Sending({ card, state, dispatch, onRefused }: SendingProps) {
  const { step, words } = state;
  useEffect(() => {
    if (step === 'codename' && words === null) dispatch({ kind: 'drawn', words: drawCodename(systemRandom) });
  }, [step, words, dispatch]);
  useEffect(() => {
    // A few seconds' work, done while the words are being read.
    if (words !== null) warmUp(words, card.rootKey);
  }, [words, card.rootKey]);

  if (step === 'received' && state.arrival !== null) {
    return <ReceivedPage card={card} arrival={state.arrival} onLeave={() => dispatch({ kind: 'left' })} />;
  }
  if (words === null) return null;
  switch (step) {
    case 'codename':
      return (
        <CodenamePage
          organisation={card.organisation}
          words={words}
          onNoted={() => dispatch({ kind: 'noted' })}
          onBack={() => dispatch({ kind: 'back' })}
        />
      );
    case 'confirm':
      return (
        <ConfirmPage
          words={words}
          onConfirmed={() => dispatch({ kind: 'confirmed' })}
          onShow={() => dispatch({ kind: 'back' })}
        />
      );
    case 'upload':
      return <Uploading card={card} state={state} words={words} dispatch={dispatch} onRefused={onRefused} />;
    default:
      return null;
  }
}

/** Starts the submission once, and ends it when the screen goes. */
function Uploading({ card, state, words, dispatch, onRefused }: SendingProps & { readonly words: readonly string[] }) {
  const [submission, setSubmission] = useState<Submission | null>(null);
  // What was chosen when the screen came: nothing changes it while it is here.
  const [input] = useState(() => ({ card, files: state.files, message: messageOf(state), words }));
  useEffect(() => {
    const started = startSubmission(input);
    // oxlint-disable-next-line react/set-state-in-effect -- starting is the effect, and what has started is what is shown
    setSubmission(started);
    return () => started.stop();
  }, [input]);
  return submission === null ? null : (
    <Running card={card} submission={submission} dispatch={dispatch} onRefused={onRefused} />
  );
}

interface RunningProps extends Pick<SendingProps, 'card' | 'dispatch' | 'onRefused'> {
  readonly submission: Submission;
}

function Running({ card, submission, dispatch, onRefused }: RunningProps) {
  const subscribe = useCallback((listener: () => void) => submission.subscribe(listener), [submission]);
  const upload = useSyncExternalStore(subscribe, () => submission.state());
  const { phase, receipt, receivedDay, total } = upload;
  useEffect(() => {
    if (phase !== 'received' || receipt === null || receivedDay === null) return;
    dispatch({ kind: 'received', arrival: { note: receipt, day: receivedDay, size: total } });
  }, [phase, receipt, receivedDay, total, dispatch]);
  return (
    <UploadPage
      organisation={card.organisation}
      upload={upload}
      submission={submission}
      onAgain={() => onRefused(upload.problem?.code ?? 'internal')}
    />
  );
}
