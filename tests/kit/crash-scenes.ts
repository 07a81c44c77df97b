/** What is going on at each crash point: how the server comes to it, and that the same work, asked for again, comes to its end. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CrashPoint } from '../../server/store/crash-points.ts';
import type { Database } from '../../server/store/database.ts';
import {
  CARD_ROUTE,
  claimRoute,
  collectedRoute,
  deleteReplyRoute,
  deleteRoute,
  ledgerRoute,
  MAILBOX_FORGET_ROUTE,
  mailboxReplyRoute,
  withdrawRoute,
} from '../../shared/protocol/routes.ts';
import type { Witness } from './audit.ts';
import { mailboxOwner } from './mailbox-owner.ts';
import type { MailboxOwner } from './mailbox-owner.ts';
import type { Organisation } from './organisation.ts';
import { patternBytes } from './random-bytes.ts';
import { createReplySender, deliverReply, postIn, signInAt } from './reply-sender.ts';
import { createSlicedUpload } from './sliced-upload.ts';
import type { SlicedUpload } from './sliced-upload.ts';
import type { Victim } from './victim.ts';

export interface Stage {
  /** The server that is going to be ended. */
  readonly at: Victim;
  readonly witness: Witness;
  readonly organisation: Organisation;
  readonly database: Database;
  readonly data: string;
  /** Serial of the card that is installed. */
  serial: number;
}

export interface Act {
  /** Brings the server to the point. Its answer never comes. */
  cut(at: Victim): Promise<unknown>;
  /** Asks another server for the same, and goes on to the end. */
  goOn(at: Victim): Promise<unknown>;
  /** Most blobs that are left behind. */
  readonly orphans: number;
}

export type Scene = (stage: Stage) => Promise<Act>;

const SIZE = 20_000;
/** Divides by 64. */
const BEGUN = 6_400;
const PAGE = patternBytes(3_000, 99);

/** An upload that was opened. */
async function opened({ at, witness, serial: card }: Stage, owner?: MailboxOwner): Promise<SlicedUpload> {
  const upload = await createSlicedUpload(witness, { size: SIZE, card, ...(owner && { mailbox: owner.key }) });
  await upload.open(at.source);
  return upload;
}

/** One whose first part has begun, with so many slices. */
async function begun(stage: Stage, slices = 1, owner?: MailboxOwner): Promise<SlicedUpload> {
  const upload = await opened(stage, owner);
  const { source } = stage.at;
  await upload.create(source, 0, BEGUN / slices);
  for (let slice = 1; slice < slices; slice++)
    await upload.append(source, 0, (BEGUN / slices) * slice, (BEGUN / slices) * (slice + 1));
  expect(await upload.ask(source, 0)).toBe(BEGUN);
  return upload;
}

/** One that is here whole and was sealed. */
async function sealed(stage: Stage, owner?: MailboxOwner): Promise<SlicedUpload> {
  const upload = await opened(stage, owner);
  await upload.complete(stage.at.source);
  await upload.seal(stage.at.source);
  return upload;
}

const toTheEnd = (upload: SlicedUpload) => async (at: Victim) => {
  await upload.complete(at.source);
  await upload.seal(at.source);
};

/** The rest of a part that has begun is sent. */
const goingOn =
  (slices = 1, orphans = 1): Scene =>
  async (stage) => {
    const upload = await begun(stage, slices);
    return { cut: ({ source }) => upload.append(source, 0, BEGUN, SIZE), goOn: toTheEnd(upload), orphans };
  };

/** The rest of a part is sent with a wrong byte: all of the part is given up. */
const damaged =
  (slices: number, orphans: number, isReset: boolean): Scene =>
  async (stage) => {
    const upload = await begun(stage, slices);
    return {
      cut(at) {
        if (isReset) stage.witness.letGo(upload.sender.parcel, 0);
        const wrong = Uint8Array.from(upload.parts[0]!);
        wrong[SIZE - 1]! ^= 1;
        return upload.append(at.source, 0, BEGUN, SIZE, wrong);
      },
      goOn: toTheEnd(upload),
      orphans,
    };
  };

/** A part is begun anew with other bytes than those that it was begun with. */
const replacing: Scene = async (stage) => {
  const upload = await opened(stage);
  await upload.create(stage.at.source, 0, BEGUN, patternBytes(SIZE, 77));
  stage.witness.letGo(upload.sender.parcel, 0);
  const again = (at: Victim): Promise<Response> => upload.create(at.source, 0, SIZE);
  const goOn = async (at: Victim): Promise<void> => {
    expect((await again(at)).status).toBe(201);
    await toTheEnd(upload)(at);
  };
  return { cut: again, goOn, orphans: 1 };
};

const beginning =
  (to: number): Scene =>
  async (stage) => {
    const upload = await opened(stage);
    return { cut: ({ source }) => upload.create(source, 0, to), goOn: toTheEnd(upload), orphans: to > 0 ? 1 : 0 };
  };

const opening: Scene = async ({ witness, serial: card }) => {
  const upload = await createSlicedUpload(witness, { size: SIZE, card });
  const goOn = async (at: Victim): Promise<void> => {
    await upload.open(at.source);
    await toTheEnd(upload)(at);
  };
  return { cut: ({ source }) => upload.open(source), goOn, orphans: 0 };
};

const sealing: Scene = async (stage) => {
  const upload = await opened(stage);
  await upload.complete(stage.at.source);
  const goOn = async (at: Victim): Promise<void> => {
    await upload.seal(at.source);
    const records = await stage.database.run(
      (sql) => sql`
        select from part where record is not null and parcel = ${Buffer.from(upload.sender.parcel, 'hex')}`,
    );
    expect(records).toHaveLength(0);
  };
  return { cut: ({ source }) => upload.seal(source), goOn, orphans: 0 };
};

/** What staff ask of a sealed parcel. */
const asStaff =
  (route: (parcel: string) => string, { orphans, isEnd }: { orphans: number; isEnd: boolean }): Scene =>
  async (stage) => {
    const { parcel } = (await sealed(stage)).sender;
    const session = await signInAt(stage.at.staff, stage.organisation.courier);
    const post = (staff: string): Promise<Response> => postIn(session, staff + route(parcel), {});
    return {
      cut({ staff }) {
        if (isEnd) stage.witness.letParcelGo(parcel);
        return post(staff);
      },
      async goOn({ staff }) {
        expect([204, 404]).toContain((await post(staff)).status);
        // What was collected would expire in the midst of another scene.
        stage.witness.letParcelGo(parcel);
        await postIn(session, staff + deleteRoute(parcel), {});
      },
      orphans,
    };
  };

const ledgerPage: Scene = async (stage) => {
  const owner = await mailboxOwner(stage.at.source);
  const upload = await opened(stage, owner);
  const path = ledgerRoute(upload.sender.parcel, 0);
  const goOn = async (at: Victim): Promise<void> => {
    expect((await owner.at(at.source).postBytes(path, PAGE)).status).toBe(204);
    const there = await owner.at(at.source).get(path);
    expect(Buffer.from(await there.arrayBuffer()).equals(PAGE)).toBe(true);
    await toTheEnd(upload)(at);
  };
  return { cut: (at) => owner.at(at.source).postBytes(path, PAGE), goOn, orphans: 0 };
};

const claiming =
  (orphans: number): Scene =>
  async (stage) => {
    const { witness, at } = stage;
    const owner = await mailboxOwner(at.source);
    const upload = await begun(stage, 2, owner);
    const { parcel } = upload.sender;
    const claim = ({ source }: Victim): Promise<Response> => owner.at(source).post(claimRoute(parcel), { writer: 1 });
    return {
      cut(victim) {
        if (orphans > 0) witness.letGo(parcel, 0);
        return claim(victim);
      },
      async goOn(victim) {
        witness.letGo(parcel, 0);
        expect(await (await claim(victim)).json()).toEqual({ writer: 1 });
        upload.as(1);
        await toTheEnd(upload)(victim);
      },
      orphans,
    };
  };

const withdrawing =
  (orphans: number): Scene =>
  async (stage) => {
    const owner = await mailboxOwner(stage.at.source);
    const { parcel } = (await begun(stage, 1, owner)).sender;
    const withdraw = ({ source }: Victim): Promise<Response> => owner.at(source).post(withdrawRoute(parcel));
    return {
      cut(at) {
        stage.witness.letParcelGo(parcel);
        return withdraw(at);
      },
      goOn: async (at) => expect([204, 404]).toContain((await withdraw(at)).status),
      orphans,
    };
  };

/** A mailbox with a sealed submission and a reply, of which something is asked that takes the reply away. */
const withReply =
  (route: (reply: string) => string, orphans: number): Scene =>
  async (stage) => {
    const { at, organisation, serial: card } = stage;
    const owner = await mailboxOwner(at.source);
    await sealed(stage, owner);
    const reply = createReplySender({ key: organisation.reply, mailbox: owner.key.publicKey });
    const session = await signInAt(at.staff, organisation.courier);
    const written = { ...reply, opening: () => reply.opening({ card }) };
    await deliverReply(at.staff, session, written, [patternBytes(SIZE, 5), patternBytes(SIZE, 6)]);
    const path = route(reply.parcel);
    return {
      cut: ({ source }) => owner.at(source).post(path),
      async goOn({ source }) {
        expect([204, 404]).toContain((await owner.at(source).post(path)).status);
        expect((await owner.at(source).get(mailboxReplyRoute(reply.parcel))).status).toBe(404);
        expect((await owner.at(source).look()).replies).toEqual([]);
      },
      orphans,
    };
  };

const installing: Scene = async (stage) => {
  const note = await stage.organisation.card({ serial: ++stage.serial });
  const install = async ({ staff }: Victim): Promise<Response> => {
    const { authorization } = await signInAt(staff, stage.organisation.courier);
    const body = new FormData();
    body.set('card', new Blob([note]), 'card.note');
    return fetch(staff + CARD_ROUTE, { method: 'POST', headers: { authorization }, body });
  };
  const goOn = async (at: Victim): Promise<void> => {
    expect((await install(at)).status).toBe(204);
    expect(await (await fetch(at.source + CARD_ROUTE)).text()).toBe(note);
    expect(await readFile(join(stage.data, 'card.note'), 'utf8')).toBe(note);
  };
  return { cut: install, goOn, orphans: 0 };
};

/** Points that are come to when a server starts are in the test itself. */
export type StartPoint = Extract<
  CrashPoint,
  `key-${string}` | `migration-${string}` | `expiry-${string}` | `log-${string}`
>;

export const SCENES: Readonly<Record<Exclude<CrashPoint, StartPoint>, Scene>> = {
  'blob-folder-made': beginning(BEGUN),
  'blob-opened': goingOn(),
  'blob-written': goingOn(),
  'blob-before-sync': goingOn(),
  'blob-before-rename': goingOn(),
  'blob-renamed': goingOn(),
  'blob-folder-synced': goingOn(),
  'blob-before-discard': damaged(1, 1, true),
  'blobs-half-removed': damaged(2, 2, true),
  'begin-before-commit': beginning(0),
  'begin-committed': beginning(0),
  'grow-before-commit': goingOn(),
  'grow-committed': goingOn(),
  'merge-copied': goingOn(64),
  'merge-before-commit': goingOn(64),
  'merge-committed': goingOn(64, 64),
  'reset-before-commit': damaged(2, 1, false),
  'reset-committed': damaged(2, 3, true),
  'replace-before-commit': replacing,
  'replace-committed': replacing,
  'opening-before-commit': opening,
  'opening-committed': opening,
  'seal-records-cleared': sealing,
  'seal-before-commit': sealing,
  'seal-committed': sealing,
  'collected-committed': asStaff(collectedRoute, { orphans: 0, isEnd: false }),
  'removal-ledger-cleared': asStaff(deleteRoute, { orphans: 0, isEnd: true }),
  'removal-committed': asStaff(deleteRoute, { orphans: 2, isEnd: true }),
  'page-committed': ledgerPage,
  'claim-before-commit': claiming(0),
  'claim-committed': claiming(2),
  'withdrawal-ledger-cleared': withdrawing(0),
  'withdrawal-committed': withdrawing(1),
  'forgetting-before-commit': withReply(() => MAILBOX_FORGET_ROUTE, 0),
  'forgetting-committed': withReply(() => MAILBOX_FORGET_ROUTE, 2),
  'reply-deletion-committed': withReply(deleteReplyRoute, 2),
  'card-written': installing,
  'card-renamed': installing,
};
