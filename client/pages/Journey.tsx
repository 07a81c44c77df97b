/** The page as a whole: one screen at a time, no address and no history that would tell where a person was. */
import { useCallback, useEffect, useReducer, useState } from 'react';
import type { ComponentType } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { isUnderWay, journey, START } from '../journey.ts';
import type { JourneyEvent, Step } from '../journey.ts';
import { t } from '../locales/text.ts';
import { Frame } from '../ui/Frame.tsx';
import { ChoosePage } from './ChoosePage.tsx';
import { LeftPage } from './LeftPage.tsx';
import { ReadPage } from './ReadPage.tsx';
import type { RestProps } from './rest-props.ts';
import { usePageDrop } from './use-page-drop.ts';
import { useOrganisation } from './use-organisation.ts';
import { useRest } from './use-rest.ts';
import { WaitPage } from './WaitPage.tsx';

/** Where along the wall each screen stands: the first time, and for who comes back. */
const POSITIONS = {
  read: [0, 0],
  choose: [1, 2],
  codename: [2, 0],
  confirm: [2, 0],
  enter: [0, 0],
  mailbox: [1, 1],
  resume: [2, 2],
  upload: [3, 3],
  received: [4, 4],
  left: [4, 4],
} as const satisfies Record<Step, readonly [number, number]>;

export function Journey() {
  const [state, change] = useReducer(journey, START);
  const [asked, setAsked] = useState(0);
  const [begun, setBegun] = useState(false);
  const [refused, setRefused] = useState<ProblemCode | null>(null);
  const organisation = useOrganisation(asked);
  const rest = useRest<ComponentType<RestProps>>(begun, loadRest);
  const dispatch = useCallback((event: JourneyEvent) => {
    // A refusal has been read when something is tried again.
    if (event.kind === 'chosen' || event.kind === 'resume' || event.kind === 'answer') setRefused(null);
    change(event);
  }, []);
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
      way={state.returning ? 'again' : 'first'}
      position={POSITIONS[state.step][state.returning ? 1 : 0]}
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
          onReturn={() => {
            setBegun(true);
            dispatch({ kind: 'returned' });
          }}
        />
      );
    }
    if (state.step === 'choose' || (rest.value === null && !state.returning)) {
      return (
        <ChoosePage
          organisation={card.organisation}
          files={state.files}
          message={state.message}
          confirmed={state.confirmed}
          again={state.returning}
          refusal={refused === null ? null : t(`problem.${refused}`)}
          rest={rest.status}
          onFiles={(files) => dispatch({ kind: 'files', files })}
          onMessage={(message) => dispatch({ kind: 'wrote', message })}
          onBack={() => dispatch({ kind: 'back' })}
          onGoOn={() => dispatch({ kind: 'chosen' })}
        />
      );
    }
    if (rest.value === null) {
      return <WaitPage failing={rest.status === 'failing'} onBack={() => dispatch({ kind: 'back' })} />;
    }
    const Rest = rest.value;
    return (
      <Rest
        card={card}
        state={state}
        dispatch={dispatch}
        refused={refused}
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

async function loadRest(): Promise<ComponentType<RestProps>> {
  return (await import('./Rest.tsx')).Rest;
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
