/** fsync of folders, shared: callers that wait while one is running are all served by the one after it. */
/** Gives a function that resolves once a folder's entries, as they are at the call, are durable. */
export function createFolderSync(syncFolder: (path: string) => Promise<void>): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  const start = (path: string): Promise<void> => {
    const work = syncFolder(path).finally(() => {
      if (running.get(path) === work) running.delete(path);
    });
    running.set(path, work);
    return work;
  };

  return (path) => {
    const current = running.get(path);
    if (current === undefined) return start(path);
    // The one that runs may have begun before this caller's rename: only the next one is sure to cover it.
    let next = waiting.get(path);
    if (next === undefined) {
      next = current
        .catch(() => undefined)
        .then(() => {
          waiting.delete(path);
          return start(path);
        });
      waiting.set(path, next);
    }
    return next;
  };
}
