/** The server's log in words, for who runs it in a terminal. */

/** A sentence for each event; fields of the event in braces. */
export const LOG_WORDS = {
  request: '{method} {route} was answered with {status}.',
  'internal-error': 'Something unforeseen: {error}, code {code}, at {at}.',
  'database-away': 'The database cannot be reached; trying on. Until then sources are told to wait.',
  'database-elsewhere':
    'The user that runs PostgreSQL cannot reach the data folder; the database is kept below /var/lib/postern.',
  'database-foreign': 'The database does not belong to these blobs: nothing will be swept.',
  'storage-away': 'The S3 store cannot be used at times ({code}). Sources are told to wait.',
  flood: 'A flood of requests or connections: running uploads go first, new work has to wait.',
  'flood-over': 'The flood is over.',
  'few-connections':
    'POSTERN_CONNECTIONS is more than the system lets this process have open: {connections} are held at most.',
  'postgres-late':
    'PostgreSQL does not start yet; trying again. Its own words are in postgres-output.txt in the data folder, or beside the folder that postgres-folder.txt names.',
  'postgres-back': 'PostgreSQL is running again.',
  'rot-found': 'Stored parts are not what they were: {parts} by now. “npm run -s admin -- fsck” tells which.',
};

/**
 * @param {string} line as the server printed it
 * @returns {string | null} what to show; null for a request that went well: too many of those to read, none worth reading
 */
export function inWords(line) {
  /** @type {Record<string, string | number>} */
  let fields;
  try {
    fields = JSON.parse(line);
  } catch {
    return line;
  }
  const sentence = /** @type {Record<string, string | undefined>} */ (LOG_WORDS)[String(fields['event'])];
  if (sentence === undefined) return line;
  if (fields['event'] === 'request' && Number(fields['status']) < 400) return null;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(fields[name]));
}
