/** A submission under way, new or taken up again: its state on the screen, and the receipt handed on when it is there. */
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Card } from '../../shared/statements/card.ts';
import type { Submission } from '../upload/submission-types.ts';
import type { RestProps } from './rest-props.ts';
import { UploadPage } from './UploadPage.tsx';

interface RunningProps extends Pick<RestProps, 'dispatch' | 'onRefused'> {
  readonly card: Card;
  readonly submission: Submission;
  readonly kind: 'new' | 'words' | 'resumed';
}

export function Running({ card, submission, kind, dispatch, onRefused }: RunningProps) {
  const subscribe = useCallback((listener: () => void) => submission.subscribe(listener), [submission]);
  const upload = useSyncExternalStore(subscribe, () => submission.state());
  const { phase, receipt, receivedDay, total, changed } = upload;
  useEffect(() => {
    if (phase !== 'received' || receipt === null || receivedDay === null) return;
    const paths = changed.map(({ path }) => path);
    dispatch({ kind: 'received', arrival: { note: receipt, day: receivedDay, size: total, changed: paths } });
  }, [phase, receipt, receivedDay, total, changed, dispatch]);
  return (
    <UploadPage
      organisation={card.organisation}
      upload={upload}
      submission={submission}
      kind={kind}
      onAgain={() => onRefused(upload.problem?.code ?? 'internal')}
    />
  );
}
