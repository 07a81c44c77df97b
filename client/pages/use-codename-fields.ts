/** The state behind seven fields: what they hold, what is wrong with them, and where the focus goes next. */
import { useRef, useState } from 'react';
import { EMPTY_ENTRY, enterText, faultsAfter, leftOutOf, NO_FAULTS, spellingFault } from '../codename/entry.ts';
import type { Entry, Faults, LeftOut } from '../codename/entry.ts';

/** See {@link useCodenameFields}. */
export interface CodenameFields {
  readonly entry: Entry;
  readonly faults: Faults;
  /** How many fields are wrong. */
  readonly wrong: number;
  /** True from when the words were looked at as a whole until one is changed. */
  readonly checked: boolean;
  /** What was left out of what was typed or pasted last. */
  readonly leftOut: LeftOut | null;
  type(at: number, text: string): void;
  leave(at: number): void;
  /** Shows the faults that were found and goes to the first; true when there is none. */
  check(found: Faults): boolean;
  setField(at: number, field: HTMLInputElement | null): void;
}

/** `initial` is what the fields hold at first. */
export function useCodenameFields(initial: Entry = EMPTY_ENTRY): CodenameFields {
  const [entry, setEntry] = useState(initial);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [checked, setChecked] = useState(false);
  const [leftOut, setLeftOut] = useState<LeftOut | null>(null);
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  return {
    entry,
    faults,
    checked,
    leftOut,
    wrong: faults.filter((fault) => fault !== null).length,
    type(at, text) {
      const result = enterText(entry, at, text);
      setEntry(result.entry);
      setChecked(false);
      setLeftOut(leftOutOf(text, at));
      setFaults(faultsAfter(faults, entry, result.entry, at, result.next));
      if (result.next !== at) fields.current[result.next]?.focus();
    },
    leave(at) {
      setFaults((now) => now.with(at, now[at] ?? spellingFault(entry[at] ?? '')));
    },
    check(found) {
      setFaults(found);
      setChecked(true);
      const first = found.findIndex((fault) => fault !== null);
      if (first >= 0) fields.current[first]?.focus();
      return first < 0;
    },
    setField(at, field) {
      fields.current[at] = field;
    },
  };
}
