/** What the first part of the page hands to the rest of it. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { JourneyEvent, JourneyState } from '../journey.ts';

export interface RestProps {
  readonly card: Card;
  readonly state: JourneyState;
  readonly dispatch: (event: JourneyEvent) => void;
  /** Why the last attempt to send was refused; null when none was. */
  readonly refused: ProblemCode | null;
  /** The submission came to an end that only starting anew can change. */
  readonly onRefused: (code: ProblemCode) => void;
}
