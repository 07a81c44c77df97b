/** A submission from its first word to the receipt. All effects come in: tests run it whole, without a browser. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { DEFAULT_PART_SIZE } from '../../shared/parcel/parts.ts';
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import { openAnswer, sealAnswer } from '../../shared/protocol/messages.ts';
import { PARCELS_ROUTE, sealRoute } from '../../shared/protocol/routes.ts';
import { recipientsOn } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signOpening } from '../../shared/statements/opening.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import type { Receipt } from '../../shared/statements/receipt.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { askServer } from './ask-server.ts';
import type { Clock } from './clock.ts';
import { createGate } from './gate.ts';
import type { Hashing } from './hashing.ts';
import { createHeldFiles } from './held-files.ts';
import { createLaneCount } from './lane-count.ts';
import { createExchanges } from './link.ts';
import type { Link } from './link.ts';
import { planParcel } from './parcel-plan.ts';
import { createPartReader } from './part-reader.ts';
import { createPipeline } from './pipeline.ts';
import { createProgress } from './progress.ts';
import type { Sealing } from './sealing.ts';
import { createSlices } from './slices.ts';
import { createStateStore, NO_PACE } from './submission-state.ts';
import type { PickedFile, Submission } from './submission-types.ts';
import type { Transport } from './transport.ts';

export interface EngineInput {
  readonly card: Card;
  readonly files: readonly PickedFile[];
  readonly message: string | null;
  readonly keys: Promise<CodenameKeys>;
  readonly hashing: Hashing;
  readonly sealings: readonly Sealing[];
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly partSize?: number;
}

export interface Engine extends Submission {
  /** The link is said to be back: whoever waits tries at once. */
  readonly wake: () => void;
  /** Settles when there is nothing more to do: received, refused or stopped. Never rejects. */
  readonly done: Promise<void>;
}

/** How often the pace is told anew, in milliseconds. */
const TICK = 1_000;
/** How many files that were given up are told of one by one. */
const MANY = 100;

/** Starts at once. */
export function startEngine(input: EngineInput): Engine {
  const { card, clock, random, hashing, sealings, partSize = DEFAULT_PART_SIZE } = input;
  const store = createStateStore();
  const gate = createGate(clock);
  const progress = createProgress(0, clock.ticks());
  const lanes = createLaneCount();
  const link: Link = {
    transport: input.transport,
    clock,
    random,
    gate,
    slices: createSlices(),
    lanes,
    onTrouble: ({ away, code }) => store.change({ away, awayCode: code }),
  };
  const exchange = createExchanges(link);
  const safe = new Map<number, number>();
  const givenUp: { readonly path: string }[] = [];
  let held: ReturnType<typeof createHeldFiles> | undefined;

  function acknowledge(part: number, bytes: number): void {
    const acknowledged = store.facts().acknowledged + bytes - (safe.get(part) ?? 0);
    safe.set(part, bytes);
    progress.note(acknowledged, clock.ticks());
    lanes.acknowledged(acknowledged, clock.ticks());
    store.change({ acknowledged });
    tellPace();
  }

  function tellPace(): void {
    const { stage, paused, away, total, acknowledged } = store.facts();
    const moving = stage === 'uploading' && !paused && !away;
    store.change({ pace: moving ? progress.pace(total - acknowledged, clock.ticks()) : NO_PACE });
  }

  /** The first ones at once; after that once a tick: a stick with 100,000 files may have been pulled out. */
  function giveUp(path: string): void {
    givenUp.push({ path });
    if (givenUp.length <= MANY) tellGivenUp();
  }

  function tellGivenUp(): void {
    if (store.facts().unreadable.length !== givenUp.length) store.change({ unreadable: [...givenUp] });
  }

  async function tick(): Promise<void> {
    while (!gate.ended.aborted) {
      await clock.sleep(TICK, gate.ended);
      tellPace();
      tellGivenUp();
    }
  }

  async function run(): Promise<Receipt & { readonly note: string }> {
    const day = dayOf(clock.now());
    const recipients = recipientsOn(card, day);
    const { mailbox, replyRecipient } = await input.keys;
    const { layout, files, chosen } = planParcel({
      ...input,
      sender: toBase64Url(mailbox.publicKey),
      replyRecipient,
      day,
    });
    const { parcel, paddedSize: size } = layout;
    store.change({ total: size });
    const opening = { parcel, mailbox: mailbox.publicKey, card: card.serial, partSize, size };
    await askServer(link, exchange(), {
      path: PARCELS_ROUTE,
      body: { opening: await signOpening(opening, mailbox) },
      schema: openAnswer,
      final: ['storage-full'],
    });

    store.change({ stage: 'uploading' });
    progress.restart(0, clock.ticks());
    const heldFiles = createHeldFiles({
      chosen,
      hashing,
      clock,
      hashed: () => pipeline.hashed(),
      onHeld: (file) => store.change({ held: file }),
      onGivenUp: giveUp,
    });
    held = heldFiles;
    const reader = createPartReader({ layout, files, decide: heldFiles.decide, clock });
    const pipeline = createPipeline({
      layout,
      partSize,
      reader,
      hashing,
      sealings,
      recipients,
      mailbox,
      link,
      exchange,
      onAcknowledged: acknowledge,
    });
    const hashes = await pipeline.run();

    tellGivenUp();
    store.change({ stage: 'sealing', pace: NO_PACE });
    const root = toHex(await merkleRoot(hashes));
    const seal = await signSeal({ parcel, partSize, parts: hashes.length, root }, mailbox);
    const { receipt: note } = await askServer(link, exchange(), {
      path: sealRoute(parcel),
      body: { seal },
      schema: sealAnswer,
    });
    const receipt = await openReceipt(note, card.receiptKey);
    if (receipt.parcel !== parcel || receipt.root !== root) throw new Problem('statement-mismatch');
    return { ...receipt, note };
  }

  async function settle(): Promise<void> {
    try {
      const { note, received } = await run();
      store.change({ stage: 'received', receipt: note, receivedDay: received });
    } catch (error) {
      if (gate.ended.aborted) return;
      store.change({ stage: 'refused', pace: NO_PACE, refusal: isProblem(error) ? error.code : 'internal' });
    } finally {
      gate.end();
    }
  }

  void tick();
  return {
    done: settle(),
    subscribe: store.subscribe,
    state: store.state,
    pause() {
      gate.pause();
      store.change({ paused: true, pace: NO_PACE });
    },
    resume() {
      progress.restart(store.facts().acknowledged, clock.ticks());
      lanes.restart();
      store.change({ paused: false });
      gate.resume();
    },
    wake: gate.wake,
    continueWithout: (path) => held?.continueWithout(path),
    continueWithoutAll: () => held?.continueWithoutAll(),
    tryAgain: () => held?.tryAgain(),
    replaceFile: (path, file) => held?.replaceFile(path, file) ?? false,
    stop: gate.end,
  };
}
