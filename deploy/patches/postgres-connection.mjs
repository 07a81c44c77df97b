/**
 * The one change to a dependency: `postgres` 3.4.9 ends the whole process with a TypeError when a statement is written after
 * its connection has closed. Kept as exact text before and after; applied by deploy/bootstrap.mjs, in the image as well.
 */

/** @type {import('../apply-patch.mjs').Patch} */
export const postgresConnection = {
  name: 'postgres: a closed connection rejects what is written to it',
  file: 'node_modules/postgres/src/connection.js',
  sha256Before: 'ee3a218d9aa6a6f2887c1a19da50009335fe84c11a5431d5cab72d6bc528632f',
  sha256After: 'b2575654cf122cbb4c839462392b3ba1ecba7242122ab2e5e7fd836c254404da',
  edits: [
    {
      // Without a socket there is nothing to write to: reject what waits on this connection, so that the caller's await ends.
      before: [
        '  function nextWrite(fn) {',
        '    const x = socket.write(chunk, fn)',
        '    nextWriteTimer !== null && clearImmediate(nextWriteTimer)',
      ],
      after: [
        '  function nextWrite(fn) {',
        '    if (socket === null) {',
        '      nextWriteTimer !== null && clearImmediate(nextWriteTimer)',
        '      chunk = nextWriteTimer = null',
        "      error(Errors.connection('CONNECTION_CLOSED', options))",
        '      return false',
        '    }',
        '    const x = socket.write(chunk, fn)',
        '    nextWriteTimer !== null && clearImmediate(nextWriteTimer)',
      ],
    },
    {
      // Bytes that were waiting for the old socket must neither go to the next one nor keep its first write from being scheduled.
      before: ['    clearImmediate(nextWriteTimer)', "    socket.removeListener('data', data)"],
      after: [
        '    clearImmediate(nextWriteTimer)',
        '    chunk = nextWriteTimer = null',
        "    socket.removeListener('data', data)",
      ],
    },
  ],
};
