/** Everything that the log can say: a closed table of events, and for each what may stand beside its name. */

/** What a field may hold; a value that does not look like it is withheld. */
export const FIELD_KINDS = {
  number: /^-?\d{1,16}$/,
  /** A route as it is registered, never the address that was asked for. */
  route: /^(?:none|\*|\/[\w/:*.-]*)$/,
  method: /^[A-Z-]{1,20}$/,
  /** The name of an error's class, or its code. */
  name: /^[\w.-]{1,40}$/,
  /** A file of ours and a line in it. */
  place: /^[\w.-]{1,60}:\d{1,6}$|^unknown$/,
} as const;

export type FieldKind = keyof typeof FIELD_KINDS;

export const LOG_EVENTS = {
  /** An answer; of the source listener only those that are 500 and above. */
  request: { route: 'route', method: 'method', status: 'number' },
  /** What nobody foresaw, at a request or in the sweeper. */
  'internal-error': { error: 'name', code: 'name', at: 'place' },
  'database-away': {},
  'database-elsewhere': {},
  'database-foreign': {},
  /** Said at most once a minute; the code is the S3 store's own, or the link's. */
  'storage-away': { code: 'name' },
  flood: {},
  'flood-over': {},
  'few-connections': { connections: 'number' },
  'postgres-late': {},
  'postgres-back': {},
  /** The scrubber found parts that are not what they were; how many there are by now. */
  'rot-found': { parts: 'number' },
} as const satisfies Record<string, Readonly<Record<string, FieldKind>>>;

export type LogEvent = keyof typeof LOG_EVENTS;

type Fields<Kinds> = { readonly [Name in keyof Kinds]: Kinds[Name] extends 'number' ? number : string };

/** One line: the name of an event and its fields, no others. */
export type LogLine = {
  [Event in LogEvent]: { readonly event: Event } & Fields<(typeof LOG_EVENTS)[Event]>;
}[LogEvent];
