/** From the codename to the receipt: what is sent new. */
import { useEffect, useState } from 'react';
import { drawCodename } from '../../shared/codename/draw.ts';
import { messageOf } from '../journey.ts';
import { startSubmission, warmUp } from '../upload/submission.ts';
import type { Submission } from '../upload/submission-types.ts';
import { systemRandom } from '../upload/system-random.ts';
import { CodenamePage } from './CodenamePage.tsx';
import { ConfirmPage } from './ConfirmPage.tsx';
import { ReceivedPage } from './ReceivedPage.tsx';
import type { RestProps } from './rest-props.ts';
import { Running } from './Running.tsx';

export function Sending({ card, state, dispatch, onRefused }: Omit<RestProps, 'refused'>) {
  const { step, words } = state;
  useEffect(() => {
    if (step === 'codename' && words === null) dispatch({ kind: 'drawn', words: drawCodename(systemRandom) });
  }, [step, words, dispatch]);
  useEffect(() => {
    // A few seconds' work, done while the words are being read.
    if (words !== null) warmUp(words, card.rootKey);
  }, [words, card.rootKey]);

  if (step === 'received' && state.arrival !== null) {
    return (
      <ReceivedPage
        card={card}
        arrival={state.arrival}
        onMailbox={state.returning ? () => dispatch({ kind: 'to-mailbox' }) : null}
        onLeave={() => dispatch({ kind: 'left' })}
      />
    );
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
function Uploading({
  card,
  state,
  words,
  dispatch,
  onRefused,
}: Omit<RestProps, 'refused'> & { readonly words: readonly string[] }) {
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
    <Running
      card={card}
      submission={submission}
      kind={input.files.length === 0 ? 'words' : 'new'}
      dispatch={dispatch}
      onRefused={onRefused}
    />
  );
}
