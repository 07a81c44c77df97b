/** The whole journey as one reducer: which screen, what is chosen, which words. No effect happens here, nothing is kept elsewhere. */
import type { ChosenFile } from './choose/chosen.ts';

export type Step =
  'read' | 'choose' | 'codename' | 'confirm' | 'enter' | 'mailbox' | 'resume' | 'upload' | 'received' | 'left';

/** What the person holds at the end. `size` is the padded size in bytes. */
export interface Arrival {
  readonly note: string;
  readonly day: string;
  readonly size: number;
  /** Paths of files that were not the same any more when their sending was taken up again. */
  readonly changed: readonly string[];
}

export interface JourneyState {
  readonly step: Step;
  readonly files: readonly ChosenFile[];
  readonly message: string;
  /** The codename, from when it is drawn or entered until the page is left. */
  readonly words: readonly string[] | null;
  /** True once the words were entered rightly; they are not asked for twice. */
  readonly confirmed: boolean;
  /** True for who came with a codename: then the mailbox is where everything begins and ends. */
  readonly returning: boolean;
  /** The unfinished parcel that is taken up again; null while something new is sent. */
  readonly resuming: string | null;
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
  /** "I have a codename". */
  | { readonly kind: 'returned' }
  | { readonly kind: 'entered'; readonly words: readonly string[] }
  /** An unfinished parcel is to be gone on with. */
  | { readonly kind: 'resume'; readonly parcel: string }
  | { readonly kind: 'taken-up' }
  /** Something new is to be sent with the same codename; `files` are those chosen already. */
  | { readonly kind: 'answer'; readonly files: readonly ChosenFile[] }
  | { readonly kind: 'to-mailbox' }
  /** From the mailbox: another codename is to be entered. */
  | { readonly kind: 'another' }
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
  returning: false,
  resuming: null,
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
      if (event.kind === 'returned') return { ...START, step: 'enter', returning: true };
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
    case 'enter':
      if (event.kind === 'entered') return mailboxOf(event.words);
      return event.kind === 'back' ? START : state;
    case 'mailbox':
      return mailbox(state, event);
    case 'resume':
      if (event.kind === 'taken-up') return { ...state, step: 'upload' };
      if (event.kind === 'answer') return { ...state, step: 'choose', resuming: null, files: event.files };
      return event.kind === 'back' ? mailboxOf(state.words) : state;
    case 'upload':
      if (event.kind === 'refused')
        return state.resuming === null ? { ...state, step: 'choose' } : mailboxOf(state.words);
      if (event.kind === 'received') return received(state, event.arrival);
      return state;
    case 'received':
      return event.kind === 'to-mailbox' && state.returning ? mailboxOf(state.words) : state;
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
      return { ...state, step: state.returning ? 'mailbox' : 'read' };
    default:
      return state;
  }
}

function mailbox(state: JourneyState, event: JourneyEvent): JourneyState {
  switch (event.kind) {
    case 'resume':
      return { ...state, step: 'resume', resuming: event.parcel };
    case 'answer':
      return { ...state, step: 'choose' };
    case 'another':
      return { ...START, step: 'enter', returning: true };
    case 'back':
      // The words stay in their fields, to be compared with the paper.
      return { ...START, step: 'enter', returning: true, words: state.words };
    default:
      return state;
  }
}

/** What was sent is no longer needed here: files and message are let go at once, and the codename of who does not need it any more. */
function received({ returning, words }: JourneyState, arrival: Arrival): JourneyState {
  const kept = returning ? { returning, words, confirmed: true } : {};
  return { ...START, ...kept, step: 'received', arrival };
}

function mailboxOf(words: JourneyState['words']): JourneyState {
  return { ...START, step: 'mailbox', returning: true, confirmed: true, words };
}
