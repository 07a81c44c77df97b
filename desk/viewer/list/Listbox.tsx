/** A long list or grid that keys and screen readers can walk: the list has the focus, the active entry is named by it. */
import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { afterKey } from './list-keys.ts';
import { useSize } from './use-size.ts';
import { useWindow } from './use-window.ts';

interface ListboxProps {
  readonly label: string;
  readonly describedBy?: string;
  readonly count: number;
  /** Height of a row and least width of a column, in rem; without a width there is one column. */
  readonly rowHeight: number;
  readonly columnWidth?: number;
  /** Where the keys are. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly isSelected: (index: number) => boolean;
  readonly keyOf: (index: number) => string | number;
  readonly render: (index: number) => ReactNode;
  readonly onOpen: (index: number) => void;
  /** Given where several can be chosen. */
  readonly onToggle?: (index: number) => void;
  readonly onAll?: () => void;
  /** The list takes the focus when it comes into the page. */
  readonly takesFocus?: boolean;
  /** Told when entries up to this one are in sight. */
  readonly onReach?: (index: number) => void;
}

export function Listbox(props: ListboxProps) {
  const { count, active, columnWidth, onReach, takesFocus = false } = props;
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = props.rowHeight * rem;
  const { width } = useSize(place);
  const columns = columnWidth === undefined ? 1 : Math.max(1, Math.floor(width / (columnWidth * rem)));
  const rows = Math.ceil(count / columns);
  const { from, to } = useWindow(place, rows, height);
  const lastInSight = Math.min(count, to * columns) - 1;

  useEffect(() => {
    if (takesFocus) place.current?.focus();
  }, [takesFocus]);
  useEffect(() => onReach?.(lastInSight), [onReach, lastInSight]);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const top = Math.floor(active / columns) * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight;
  }, [active, columns, height]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (count === 0) return;
    const page = Math.max(1, Math.floor((place.current?.clientHeight ?? 0) / height) - 1);
    const next = afterKey(event.key, active, count, columns, page);
    if (next !== null) props.onActive(next);
    else if (event.key === 'Enter') props.onOpen(active);
    else if (event.key === ' ') (props.onToggle ?? props.onOpen)(active);
    else if (event.key === 'a' && event.ctrlKey && props.onAll !== undefined) props.onAll();
    else return;
    event.preventDefault();
  };

  const inSight = Array.from({ length: Math.max(0, lastInSight + 1 - from * columns) }, (_, n) => from * columns + n);
  const shown = inSight.includes(active) || active >= count ? inSight : [...inSight, active];
  return (
    <div
      ref={place}
      className="listbox"
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-multiselectable={props.onToggle !== undefined}
      aria-activedescendant={active < count ? `${id}${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="listbox-whole" role="presentation" style={{ blockSize: rows * height }}>
        {shown.map((index) => (
          // Keys are the list's own affair: it has the focus, not its entries.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={props.keyOf(index)}
            id={`${id}${index}`}
            role="option"
            className={index === active ? 'option option-active' : 'option'}
            aria-selected={props.isSelected(index)}
            aria-setsize={count}
            aria-posinset={index + 1}
            style={{
              insetBlockStart: Math.floor(index / columns) * height,
              insetInlineStart: `${((index % columns) * 100) / columns}%`,
              inlineSize: `${100 / columns}%`,
              blockSize: height,
            }}
            onClick={() => {
              props.onActive(index);
              props.onOpen(index);
            }}
          >
            {props.render(index)}
          </div>
        ))}
      </div>
    </div>
  );
}
