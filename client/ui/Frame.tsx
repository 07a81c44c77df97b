/** What stands around every screen: the way past it, who this is, the way out, and the wall with the gate at the present step. */
import type { ReactNode } from 'react';
import { t } from '../locales/text.ts';
import type { MessageName } from '../locales/text.ts';
import { LeaveButton } from './LeaveButton.tsx';

/** The steps of who comes for the first time, and of who comes back with a codename. */
const STEPS = {
  first: ['step.read', 'step.choose', 'step.codename', 'step.upload', 'step.received'],
  again: ['step.codename', 'step.mailbox', 'step.choose', 'step.upload', 'step.received'],
} as const satisfies Record<string, readonly MessageName[]>;

interface FrameProps {
  readonly organisation: string | null;
  readonly demo: boolean;
  readonly way: keyof typeof STEPS;
  /** 0 to 4. */
  readonly position: number;
  /** True while leaving breaks something off: then it takes two presses. */
  readonly careful: boolean;
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

export function Frame({ organisation, demo, way, position, careful, onLeave, children }: FrameProps) {
  const steps = STEPS[way];
  return (
    <>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      {demo ? (
        <aside className="demo" aria-label={t('demo.title')}>
          <strong>{t('demo.title')}</strong> {t('demo.text')}
        </aside>
      ) : null}
      <div className="frame">
        <header className="head">
          <p className="name">
            {t('app.name')}
            {organisation === null ? null : <bdi className="organisation">{organisation}</bdi>}
          </p>
          <LeaveButton careful={careful} onLeave={onLeave} />
        </header>
        <nav className="wall" aria-label={t('app.steps')}>
          <p className="position" aria-hidden="true">
            {t('app.position', { step: position + 1, steps: steps.length })}
          </p>
          <ol className="steps">
            {steps.map((name, index) => (
              <li
                key={name}
                className={index < position ? 'passed' : undefined}
                aria-current={index === position ? 'step' : undefined}
              >
                <span>{t(name)}</span>
              </li>
            ))}
          </ol>
        </nav>
        <main id="main" className="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}
