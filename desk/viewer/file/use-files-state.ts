/** How somebody looks at the files of one submission: kept while a file is open, begun anew with another submission. */
import { useCallback, useMemo, useState } from 'react';
import type { Order } from './sort-files.ts';

export type Look = 'list' | 'grid';

interface Kept {
  readonly parcel: string | null;
  readonly search: string;
  readonly active: number;
  readonly chosen: ReadonlySet<number>;
}

export interface FilesState extends Omit<Kept, 'parcel'> {
  readonly order: Order;
  readonly look: Look;
  readonly setSearch: (search: string) => void;
  readonly setActive: (active: number) => void;
  readonly setOrder: (order: Order) => void;
  readonly setLook: (look: Look) => void;
  /** By numbers in the archive. */
  readonly toggle: (index: number) => void;
  readonly choose: (indices: readonly number[]) => void;
  readonly chooseNone: () => void;
}

const NONE: ReadonlySet<number> = new Set();

export function useFilesState(parcel: string | null): FilesState {
  const [held, setHeld] = useState<Kept>({ parcel, search: '', active: 0, chosen: NONE });
  const [order, setOrder] = useState<Order>('archive');
  const [look, setLook] = useState<Look>('list');
  const now = held.parcel === parcel ? held : { parcel, search: '', active: 0, chosen: NONE };
  if (held !== now) setHeld(now);
  const change = useCallback((part: (before: Kept) => Partial<Kept>) => {
    setHeld((before) => ({ ...before, ...part(before) }));
  }, []);
  const acts = useMemo(
    () => ({
      setSearch: (search: string) => change(() => ({ search, active: 0 })),
      setActive: (active: number) => change(() => ({ active })),
      toggle: (index: number) => change(({ chosen }) => ({ chosen: toggled(chosen, index) })),
      choose: (indices: readonly number[]) => change(() => ({ chosen: new Set(indices) })),
      chooseNone: () => change(() => ({ chosen: NONE })),
    }),
    [change],
  );
  const { search, active, chosen } = now;
  return { search, active, chosen, order, look, setOrder, setLook, ...acts };
}

function toggled(chosen: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(chosen);
  if (!next.delete(index)) next.add(index);
  return next;
}
