/** The page as a whole: one screen at a time, no address and no history that would tell where a person was. */
import { useEffect, useReducer, useState } from 'react';
import type { ComponentType } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { isUnderWay, journey, START } from '../journey.ts';
import type { Step } from '../journey.ts';
import { t } from '../locales/text.ts';
import { Frame } from '../ui/Frame.tsx';
import { ChoosePage } from './ChoosePage.tsx';
import { LeftPage } from './LeftPage.tsx';
import { ReadPage } from './ReadPage.tsx';
import type { SendingProps } from './Sending.tsx';
import { usePageDrop } from './use-page-drop.ts';
import { useOrganisation } from './use-organisation.ts';
import { useRest } from './use-rest.ts';

const POSITIONS = {
  read: 0,
  choose: 1,
  codename: 2,
  confirm: 2,
  upload: 3,
  received: 4,
  left: 4,
} as const satisfies Record<Step, number>;

export function Journey() {
  const [state, dispatch] = useReducer(journey, START);
  const [asked, setAsked] = useState(0);
  const [begun, setBegun] = useState(false);
  const [refused, setRefused] = useState<ProblemCode | null>(null);
  const organisation = useOrganisation(asked);
  const rest = useRest<ComponentType<SendingProps>>(begun, loadSending);
  const card = organisation.kind === 'ready' ? organisation.card : null;
  const name = card?.organisation ?? null;

  useEffect(() => {
    if (name !== null) document.title = t('app.title', { organisation: name });
  }, [name]);
  useLeaveWarning(isUnderWay(state));
  usePageDrop(null);

  if (state.step === 'left') return <LeftPage />;
  return (
    <Frame
      organisation={name}
      demo={card?.demo ?? false}
      position={POSITIONS[state.step]}
      careful={isUnderWay(state)}
      onLeave={() => {
        dispatch({ kind: 'left' });
        // After the state is cleared and the warning is off: an empty page, in place of this one.
        window.setTimeout(() => window.location.replace('about:blank'), 0);
      }}
    >
      {screen()}
    </Frame>
  );

  function screen() {
    if (card === null || state.step === 'read') {
      return (
        <ReadPage
          organisation={organisation}
          onion={window.location.hostname.endsWith('.onion')}
          again={begun}
          onBegin={() => {
            setBegun(true);
            dispatch({ kind: 'begun' });
          }}
        />
      );
    }
    if (state.step === 'choose' || rest.value === null) {
      return (
        <ChoosePage
          organisation={card.organisation}
          files={state.files}
          message={state.message}
          confirmed={state.confirmed}
          refusal={refused === null ? null : t(`problem.${refused}`)}
          rest={rest.status}
          onFiles={(files) => dispatch({ kind: 'files', files })}
          onMessage={(message) => dispatch({ kind: 'wrote', message })}
          onBack={() => dispatch({ kind: 'back' })}
          onGoOn={() => {
            setRefused(null);
            dispatch({ kind: 'chosen' });
          }}
        />
      );
    }
    const Sending = rest.value;
    return (
      <Sending
        card={card}
        state={state}
        dispatch={dispatch}
        onRefused={(code) => {
          // The card may be what was wrong: it is asked for again.
          setAsked(asked + 1);
          setRefused(code);
          dispatch({ kind: 'refused' });
        }}
      />
    );
  }
}

async function loadSending(): Promise<ComponentType<SendingProps>> {
  return (await import('./Sending.tsx')).Sending;
}

/** Has the browser ask before the page is closed, while something is on its way. Nothing is kept by it. */
function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [active]);
}
