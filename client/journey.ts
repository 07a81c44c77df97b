/** The whole journey as one reducer: which screen, what is chosen, which words. No effect happens here, nothing is kept elsewhere. */
import type { ChosenFile } from './choose/chosen.ts';

export type Step = 'read' | 'choose' | 'codename' | 'confirm' | 'upload' | 'received' | 'left';

/** What the person holds at the end. `size` is the padded size in bytes. */
export interface Arrival {
  readonly note: string;
  readonly day: string;
  readonly size: number;
}

export interface JourneyState {
  readonly step: Step;
  readonly files: readonly ChosenFile[];
  readonly message: string;
  /** The codename, from when it is drawn until the page is left. */
  readonly words: readonly string[] | null;
  /** True once the words were re-entered rightly; they are not asked for twice. */
  readonly confirmed: boolean;
  readonly arrival: Arrival | null;
}

export type JourneyEvent =
  | { readonly kind: 'begun' }
  | { readonly kind: 'files'; readonly files: readonly ChosenFile[] }
  | { readonly kind: 'wrote'; readonly message: string }
  | { readonly kind: 'chosen' }
  | { readonly kind: 'drawn'; readonly words: readonly string[] }
  | { readonly kind: 'noted' }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'back' }
  /** The server or the card said no: everything chosen stays, and can be sent again. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'received'; readonly arrival: Arrival }
  | { readonly kind: 'left' };

export const START: JourneyState = {
  step: 'read',
  files: [],
  message: '',
  words: null,
  confirmed: false,
  arrival: null,
};

/** The message as it is sent: null when there is nothing but space in it. */
export function messageOf(state: JourneyState): string | null {
  return state.message.trim() === '' ? null : state.message;
}

/** True when there is something to send. */
export function hasSomething(state: JourneyState): boolean {
  return state.files.length > 0 || messageOf(state) !== null;
}

/** True while closing the page would break off a parcel that is on its way. */
export function isUnderWay(state: JourneyState): boolean {
  return state.step === 'upload';
}

/** The next state; an event that does not belong to the present step changes nothing. */
export function journey(state: JourneyState, event: JourneyEvent): JourneyState {
  if (event.kind === 'left') return { ...START, step: 'left' };
  switch (state.step) {
    case 'read':
      return event.kind === 'begun' ? { ...state, step: 'choose' } : state;
    case 'choose':
      return choose(state, event);
    case 'codename':
      if (event.kind === 'drawn' && state.words === null) return { ...state, words: event.words };
      if (event.kind === 'noted' && state.words !== null) return { ...state, step: 'confirm' };
      return event.kind === 'back' ? { ...state, step: 'choose' } : state;
    case 'confirm':
      if (event.kind === 'confirmed') return { ...state, step: 'upload', confirmed: true };
      return event.kind === 'back' ? { ...state, step: 'codename' } : state;
    case 'upload':
      if (event.kind === 'refused') return { ...state, step: 'choose' };
      // What was sent is no longer needed here: the files and the message are let go at once.
      if (event.kind === 'received') return { ...START, step: 'received', arrival: event.arrival };
      return state;
    case 'received':
    case 'left':
      return state;
  }
}

function choose(state: JourneyState, event: JourneyEvent): JourneyState {
  switch (event.kind) {
    case 'files':
      return { ...state, files: event.files };
    case 'wrote':
      return { ...state, message: event.message };
    case 'chosen':
      if (!hasSomething(state)) return state;
      return { ...state, step: state.confirmed ? 'upload' : 'codename' };
    case 'back':
      return { ...state, step: 'read' };
    default:
      return state;
  }
}
