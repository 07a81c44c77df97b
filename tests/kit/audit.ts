/** Database and blobs held against each other, and against what a sender was told: read beside the server, never through it. */
import { createHash } from 'node:crypto';
import { parseBlobs } from '../../server/store/blob-list.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import type { Database } from '../../server/store/database.ts';
import { toHex } from '../../shared/bytes/hex.ts';

/** What the server said it has, and what it sealed: none of that may ever be taken back. */
export interface Witness {
  /** Remembers an acknowledged offset; the highest counts. */
  offset(parcel: string, part: number, offset: number): void;
  /** A part that its sender gave up, or that was damaged: it may begin anew. */
  letGo(parcel: string, part: number): void;
  /** A parcel that was to go as a whole. */
  letParcelGo(parcel: string): void;
  sealed(parcel: string, receipt: string): void;
  readonly offsets: ReadonlyMap<string, number>;
  readonly receipts: ReadonlyMap<string, string>;
}

export interface Findings {
  /** One sentence each; none when all is well. */
  readonly wrong: readonly string[];
  /** Blobs, finished or not, that no row speaks of, as `<parcel>/<name>`. */
  readonly orphans: readonly string[];
}

/** A witness who has seen nothing yet. */
export function createWitness(): Witness {
  const offsets = new Map<string, number>();
  const receipts = new Map<string, string>();
  const key = (parcel: string, part: number): string => `${parcel}/${part}`;
  return {
    offsets,
    receipts,
    offset(parcel, part, offset) {
      offsets.set(key(parcel, part), Math.max(offset, offsets.get(key(parcel, part)) ?? 0));
    },
    letGo: (parcel, part) => void offsets.delete(key(parcel, part)),
    letParcelGo(parcel) {
      for (const each of offsets.keys()) if (each.startsWith(`${parcel}/`)) offsets.delete(each);
      receipts.delete(parcel);
    },
    sealed: (parcel, receipt) => void receipts.set(parcel, receipt),
  };
}

interface PartRow {
  parcel: Uint8Array;
  seq: number;
  sha256: Uint8Array;
  size: number;
  received: number;
  blobs: string;
}

/** Looks through everything. Nothing must be sending meanwhile: what is on its way would be taken for an orphan. */
export async function audit(database: Database, blobs: BlobStore, witness: Witness): Promise<Findings> {
  const rows = await database.run(
    (sql) => sql<PartRow[]>`select parcel, seq, sha256, size, received, blobs from part order by parcel, seq`,
  );
  const wrong: string[] = [];
  const known = new Set<string>();
  const received = new Map<string, number>();
  for (const row of rows) {
    const parcel = toHex(row.parcel);
    const refs = parseBlobs(row.blobs);
    received.set(`${parcel}/${row.seq}`, row.received);
    for (const { name } of refs) known.add(`${parcel}/${name}`);
    const length = refs.reduce((sum, blob) => sum + blob.length, 0);
    if (length !== row.received) wrong.push(`part ${row.seq}: blobs of ${length} bytes for ${row.received}`);
    const hash = createHash('sha256');
    try {
      for (const { name, length } of refs)
        for await (const piece of blobs.read(parcel, name, 0, length)) hash.update(piece);
    } catch (error) {
      wrong.push(`part ${row.seq}: a blob of its row cannot be read: ${String(error)}`);
      continue;
    }
    if (row.received === row.size && hash.digest('hex') !== toHex(row.sha256))
      wrong.push(`part ${row.seq}: other bytes`);
  }
  for (const [part, offset] of witness.offsets) {
    const now = received.get(part) ?? 0;
    if (now < offset) wrong.push(`${part}: ${offset} bytes were acknowledged, ${now} are here`);
  }
  const seals = await database.run(
    (sql) => sql<{ id: Uint8Array; receipt: string }[]>`select id, receipt from parcel where seal is not null`,
  );
  const receipts = new Map(seals.map(({ id, receipt }) => [toHex(id), receipt]));
  for (const [parcel, receipt] of witness.receipts)
    if (receipts.get(parcel) !== receipt) wrong.push(`${parcel}: its receipt is another`);
  wrong.push(...(await miscounted(database)));
  return { wrong, orphans: (await everyBlob(blobs)).filter((blob) => !known.has(blob)) };
}

/** What is counted beside the parts must be what the parts are. */
async function miscounted(database: Database): Promise<string[]> {
  const parcels = await database.run(
    (sql) => sql<{ id: string }[]>`
      select encode(p.id, 'hex') as id from parcel p left join (
        select parcel, sum(received) as bytes, count(*) filter (where received = size) as done from part group by parcel) q on q.parcel = p.id
      where (p.stored, p.finished) is distinct from (coalesce(q.bytes, 0), coalesce(q.done, 0))`,
  );
  const totals = await database.run(
    (sql) => sql`
      select where total_bytes() <> (select coalesce(sum(received), 0) from part)
      union all
      select from (select promised_until(p) as until, promised(p) as bytes from parcel p where seal is null union all select until, -bytes from promise) q
      where until >= current_date group by until having sum(bytes) <> 0
      union all
      select from (select mailbox, sum(stored) as held from parcel where direction = 'submission' group by mailbox) p
      full join mailbox_usage u using (mailbox) where coalesce(u.bytes, 0) <> coalesce(p.held, 0)`,
  );
  return [...parcels.map(({ id }) => `${id}: miscounted`), ...totals.map(() => 'the totals are miscounted')];
}

async function everyBlob(blobs: BlobStore): Promise<string[]> {
  const lists = (await blobs.parcels()).map(async (parcel) =>
    (await blobs.list(parcel)).map(({ name }) => `${parcel}/${name}`),
  );
  return (await Promise.all(lists)).flat();
}
