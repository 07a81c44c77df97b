/** Streaming SHA-256 (FIPS 180-4) in WebAssembly by hash-wasm, two to three times as fast as plain JavaScript. */
import { createSHA256 } from 'hash-wasm';
import { equalBytes } from '../bytes/equal.ts';
import { fromHex } from '../bytes/hex.ts';
import { Problem } from '../problem/problem.ts';
import { checkMidstate, SHA256_BLOCK } from './streaming-sha256.ts';
import type { CreateSha256, Midstate } from './streaming-sha256.ts';

type Engine = Awaited<ReturnType<typeof createSHA256>>;

/*
 * What hash-wasm's save() gives: 4 bytes that name its build, then its C struct: the block being filled (64 bytes), the byte
 * count (64 bits, little-endian), H(i) as eight little-endian words, the digest length (32 bits) and 4 bytes of padding.
 */
const SAVED_SIZE = 116;
const LENGTH_AT = 4 + SHA256_BLOCK;
const WORDS_AT = LENGTH_AT + 8;

/** H(1) after 64 zero bytes: what a saved state shows if the layout is the one above. */
const AFTER_ZERO_BLOCK = fromHex('da5698be17b9b46962335799779fbeca8ce5d491c0d26243bafef9ea1837a9d8');

let loaded: Promise<CreateSha256> | undefined;

/** Compiles hash-wasm at the first call. Rejects where WebAssembly is missing or forbidden; Problem `internal` if its state looks other than expected. */
export function loadHashWasmSha256(): Promise<CreateSha256> {
  loaded ??= createSHA256()
    .then(createFactory)
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}

/**
 * Making an engine is asynchronous and costs a WebAssembly memory, so one engine serves all hashes: each keeps its saved
 * state (116 bytes) while another one has the engine.
 */
function createFactory(engine: Engine): CreateSha256 {
  const blank = checkedLayout(engine);
  let running: { saved: Uint8Array } | null = null;

  return (from) => {
    const hash = { saved: blank };
    if (from !== undefined) hash.saved = toSaved(from, blank);
    let done = false;

    function takeEngine(): void {
      if (done) throw new Problem('internal');
      if (running === hash) return;
      if (running !== null) running.saved = engine.save();
      engine.load(hash.saved);
      running = hash;
    }

    return {
      update(bytes) {
        takeEngine();
        engine.update(bytes);
      },
      digest() {
        takeEngine();
        done = true;
        running = null;
        return engine.digest('binary');
      },
      save() {
        takeEngine();
        return fromSaved(engine.save());
      },
    };
  };
}

/** The state before the first byte; Problem `internal` when the engine saves anything else than the layout we know. */
function checkedLayout(engine: Engine): Uint8Array {
  const blank = engine.init().save();
  const one = engine.update(new Uint8Array(SHA256_BLOCK)).save();
  if (blank.length !== SAVED_SIZE || one.length !== SAVED_SIZE) throw new Problem('internal');
  const midstate = fromSaved(one);
  if (midstate.length !== SHA256_BLOCK || !equalBytes(midstate.state, AFTER_ZERO_BLOCK)) throw new Problem('internal');
  if (fromSaved(blank).length !== 0 || !equalBytes(toSaved(midstate, blank), one)) throw new Problem('internal');
  return blank;
}

function fromSaved(saved: Uint8Array): Midstate {
  const view = new DataView(saved.buffer, saved.byteOffset, saved.length);
  const length = Number(view.getBigUint64(LENGTH_AT, true));
  if (!Number.isSafeInteger(length) || length % SHA256_BLOCK !== 0) throw new Problem('internal');
  const state = new Uint8Array(32);
  const words = new DataView(state.buffer);
  for (let at = 0; at < 32; at += 4) words.setUint32(at, view.getUint32(WORDS_AT + at, true));
  return { state, length };
}

function toSaved(midstate: Midstate, blank: Uint8Array): Uint8Array {
  checkMidstate(midstate);
  const saved = blank.slice();
  const view = new DataView(saved.buffer);
  view.setBigUint64(LENGTH_AT, BigInt(midstate.length), true);
  const words = new DataView(midstate.state.buffer, midstate.state.byteOffset, 32);
  for (let at = 0; at < 32; at += 4) view.setUint32(WORDS_AT + at, words.getUint32(at), true);
  return saved;
}
