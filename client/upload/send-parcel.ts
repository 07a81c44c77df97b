/** All parts of a parcel that are not there yet, and the proof that what is there is still what the files are. */
import { fromHex } from '../../shared/bytes/hex.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { sealRecord } from '../../shared/ledger/record.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import type { PayloadResult } from '../../shared/parcel/late-bytes.ts';
import { partRange } from '../../shared/parcel/parts.ts';
import type { Course } from './course.ts';
import { checkFiles, toCheck } from './final-check.ts';
import { createHeldFiles } from './held-files.ts';
import { createIdle } from './idle.ts';
import { createPartHashing } from './part-hashing.ts';
import { createPartReader } from './part-reader.ts';
import { cutsIn, isThere, partsOf } from './parts-there.ts';
import { createPipeline } from './pipeline.ts';
import type { Prepared } from './prepared.ts';

/** SHA-256 of nothing: an empty file has no bytes that go by. */
const EMPTY_HASH = fromHex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

/** Resolves with the SHA-256 of every part once the server has them all. Rejects with the first Problem. */
export async function sendParcel(course: Course, prepared: Prepared): Promise<Uint8Array[]> {
  const { clock, hashing, provider, random, store, telling } = course;
  const { plan, opening, there, writer, listKey, knownHash } = prepared;
  const { layout } = plan;
  const { parcel, partSize } = opening;
  const cuts = cutsIn(there);
  const changed = new Set<number>();
  const idle = createIdle();

  function onChanged(index: number): void {
    changed.add(index);
    telling.changed(plan.path(index));
  }

  const safe = [...there.keys()].reduce((sum, part) => {
    const { from, to } = partRange(part, layout.paddedSize, partSize);
    return sum + to - from;
  }, 0);
  store.change({ stage: 'uploading', total: layout.paddedSize, acknowledged: safe, looking: null });
  telling.restart(safe);
  const lost = [...layout.payload.keys()].filter(
    (index) => cuts.has(index) || (plan.files[index] === null && !isThere(there, layout, partSize, index)),
  );
  telling.giveUpAll(lost.map(plan.path));

  const held = createHeldFiles({
    chosen: plan.chosen,
    hashing,
    clock,
    hashed: async () => {
      await pipeline.hashed();
      return partHashing.running()?.midstate ?? null;
    },
    onHeld: (file) => store.change({ held: file }),
    onGivenUp: telling.giveUp,
  });
  course.onHeldFiles(held);
  const reader = createPartReader({ layout, files: plan.files, cuts, decide: held.decide, clock });
  const partHashing = createPartHashing({ layout, hashing, writer, knownHash, onChanged });

  const checks = toCheck({ layout, partSize, there, writer, cuts });
  const checked = checkFiles(checks, { reader, hashing, clock, turn: idle.turn, onChanged });
  checked.catch(() => undefined);

  async function resultOf(index: number): Promise<PayloadResult> {
    const { size } = layout.payload[index]!;
    const status = changed.has(index) ? 'changed' : reader.isWhole(index) ? 'whole' : 'unreadable';
    const hash = size === 0 ? EMPTY_HASH : partHashing.hashOf(index);
    if (hash !== undefined) return { sha256: hash, status };
    // It lies in parts that were there. A small one that was given up is zeros from its first byte: of any other the record has the hash.
    const zeros = cuts.has(index) && size <= SAMPLED;
    return { sha256: zeros ? await sha256(new Uint8Array(size)) : (knownHash(index) ?? EMPTY_HASH), status };
  }

  let late: ReturnType<typeof lateBytes> | undefined;
  async function makeLate(): ReturnType<typeof lateBytes> {
    await checked;
    const results: PayloadResult[] = [];
    for (let index = 0; index < layout.payload.length; index++) results.push(await resultOf(index));
    return lateBytes(layout, results);
  }

  const pipeline = createPipeline({
    layout,
    partSize,
    reader,
    hashing: partHashing,
    sealings: course.sealings,
    recipients: prepared.recipients,
    mailbox: prepared.mailbox,
    link: course.link,
    exchange: course.exchange,
    there,
    // With words alone there is nothing to go on with, and one part.
    foremost: plan.before === 0 ? 0 : partsOf(layout, partSize, 0).last + 1,
    writer,
    sealRecord: async (record, part, hash) =>
      listKey === null ? null : sealRecord(record, { listKey, parcel, part, sha256: hash, provider, random }),
    late: () => (late ??= makeLate()),
    idle,
    onAcknowledged: telling.acknowledge,
  });
  return pipeline.run();
}
