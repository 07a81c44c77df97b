/** The heading of a screen. When the screen changes it takes the focus, so that keyboard and screen reader begin at the top. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

interface StepTitleProps {
  readonly children: ReactNode;
  /** False on the very first screen: nobody's focus is taken on arrival. */
  readonly takesFocus?: boolean;
}

export function StepTitle({ children, takesFocus = true }: StepTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!takesFocus) return;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
