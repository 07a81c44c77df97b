/** The parts that were opened last, in memory alone: many small files lie in one part, and it need not come again for each of them. */

/** See {@link createRecentParts}. */
export interface RecentParts {
  get(name: string): Uint8Array | null;
  put(name: string, plaintext: Uint8Array): void;
}

/** Bytes that are kept: eight parts as desks make them. */
const ROOM = 8 * 1024 * 1024;

/** Nothing yet. Keeps as many bytes as `room`, the latest. */
export function createRecentParts(room = ROOM): RecentParts {
  /** The latest is last. */
  const parts = new Map<string, Uint8Array>();
  let held = 0;

  function drop(name: string): void {
    held -= parts.get(name)?.length ?? 0;
    parts.delete(name);
  }

  return {
    get(name) {
      const plaintext = parts.get(name);
      if (plaintext === undefined) return null;
      parts.delete(name);
      parts.set(name, plaintext);
      return plaintext;
    },
    put(name, plaintext) {
      drop(name);
      parts.set(name, plaintext);
      held += plaintext.length;
      for (const oldest of parts.keys()) {
        if (held <= room) break;
        drop(oldest);
      }
    },
  };
}
