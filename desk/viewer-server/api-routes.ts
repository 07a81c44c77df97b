/** The routes of the API: a closed table. What a route only the parent can do is asked of it, in the closed set of messages.ts. */
import * as v from 'valibot';
import type { FilePage, Job, Marks, ReplyView, Start } from '../viewer/api.ts';
import type { Addresses } from './addresses.ts';
import type { Conversations } from './conversations.ts';
import { filePage } from './file-pages.ts';
import { MARKS_CHANGE } from './messages.ts';
import type { StartMessage } from './messages.ts';
import type { Call, Route } from './page-listener.ts';
import type { ParentLink } from './parent-link.ts';
import type { OpenParcel, Parcels } from './parcels.ts';
import { refuse } from './refusal.ts';

const REPLY = v.strictObject({ message: v.string(), attachments: v.array(v.string()) });
const EXTRACT = v.strictObject({ out: v.string(), files: v.nullable(v.array(v.number())) });
const NOTHING = v.strictObject({});

const ID = String.raw`([A-Za-z0-9_-]{1,64})`;
const PARCEL = '([0-9a-f]{32})';
const at = (path: string): RegExp => new RegExp(`^/api/${path}$`);

/** The table. `content` is the origin of the other listener. */
export function apiRoutes(input: {
  message: StartMessage;
  content: string;
  link: ParentLink;
  parcels: Parcels;
  addresses: Addresses;
  conversations: Conversations;
}): readonly Route[] {
  const { message, content, link, parcels, addresses, conversations } = input;

  async function parcelIn({ caught: [id = ''] }: Call): Promise<OpenParcel> {
    const parcel = parcels.has(id) ? await parcels.open(id) : null;
    if (parcel === null) throw refuse('not-found');
    return parcel;
  }
  function known({ caught: [id = ''] }: Call): string {
    if (!parcels.has(id)) throw refuse('not-found');
    return id;
  }
  const found = <T>(value: T | null): T => {
    if (value === null) throw refuse('not-found');
    return value;
  };

  return [
    {
      method: 'GET',
      path: at('start'),
      answer: (): Start => ({ ...message.start, content, parcels: message.parcels.length }),
    },
    {
      method: 'GET',
      path: at('conversations'),
      answer: ({ query }) =>
        conversations.page({
          after: query.get('after') || null,
          search: query.get('search') ?? '',
          unseen: query.get('unseen') === '1',
        }),
    },
    {
      method: 'GET',
      path: at(`conversations/${ID}`),
      answer: async ({ caught: [id = ''] }) => found(await conversations.view(id)),
    },
    {
      method: 'GET',
      path: at(`parcels/${PARCEL}/files`),
      async answer(call): Promise<FilePage> {
        const after = Number(call.query.get('after') ?? -1);
        if (!Number.isSafeInteger(after)) throw refuse('body-form');
        const parcel = call.caught[0]!;
        const search = call.query.get('search') ?? '';
        return filePage(
          await parcelIn(call),
          { after, search },
          ({ index }) => content + addresses.pathOf({ parcel, index }),
        );
      },
    },
    {
      method: 'POST',
      path: at(`parcels/${PARCEL}/marks`),
      answer: (call): Promise<Marks> =>
        link.ask({ kind: 'mark', parcel: known(call), change: formed(MARKS_CHANGE, call.body) }),
    },
    {
      method: 'POST',
      path: at(`parcels/${PARCEL}/reply`),
      answer: (call): Promise<ReplyView> =>
        link.ask({ kind: 'reply', parcel: known(call), ...formed(REPLY, call.body) }),
    },
    {
      method: 'POST',
      path: at(`parcels/${PARCEL}/verify`),
      answer(call): Promise<Job> {
        formed(NOTHING, call.body ?? {});
        return link.ask({ kind: 'verify', parcel: known(call) });
      },
    },
    {
      method: 'POST',
      path: at(`parcels/${PARCEL}/extract`),
      async answer(call): Promise<Job> {
        const { out, files } = formed(EXTRACT, call.body);
        const parcel = known(call);
        if (files === null) return link.ask({ kind: 'extract', parcel, out, files });
        const { index } = await parcelIn(call);
        // By their paths: a number says nothing where parts are missing.
        const paths = [...new Set(files)].map((number) => found(index.files[number] ?? null).path);
        return link.ask({ kind: 'extract', parcel, out, files: paths });
      },
    },
    {
      method: 'GET',
      path: at(`jobs/${ID}`),
      answer: async ({ caught: [job = ''] }): Promise<Job> =>
        found(await link.ask({ kind: 'job', job: numbered(job) })),
    },
    {
      method: 'DELETE',
      path: at(`jobs/${ID}`),
      answer: async ({ caught: [job = ''] }): Promise<Job> =>
        found(await link.ask({ kind: 'stop-job', job: numbered(job) })),
    },
    {
      method: 'POST',
      path: at('close'),
      answer: async () => (await link.ask({ kind: 'close' })) ?? {},
    },
  ];
}

/** A body that keeps to its form. Refusal `body-form`. */
function formed<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, body);
  if (!result.success || Array.isArray(body)) throw refuse('body-form');
  return result.output;
}

/** The number of a job. Refusal `not-found`. */
function numbered(id: string): string {
  if (!/^[1-9]\d{0,5}$/.test(id)) throw refuse('not-found');
  return id;
}
