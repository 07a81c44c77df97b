/** What a key does in a list: where it leads, from an entry, in rows of so many columns. */

/** The entry after the key, or null when the key does not move. */
export function afterKey(key: string, at: number, count: number, columns: number, page: number): number | null {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + columns);
    case 'ArrowUp':
      return at - columns < 0 ? at : at - columns;
    case 'ArrowRight':
      return columns > 1 ? Math.min(last, at + 1) : null;
    case 'ArrowLeft':
      return columns > 1 ? Math.max(0, at - 1) : null;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'PageDown':
      return Math.min(last, at + page * columns);
    case 'PageUp':
      return Math.max(0, at - page * columns);
    default:
      return null;
  }
}
