/** Chooses the fastest streaming SHA-256 that this platform allows, and loads no other. */
import type { CreateSha256 } from './streaming-sha256.ts';
import { hasWebAssembly } from './web-assembly.ts';

/** hash-wasm where WebAssembly works, noble where it is missing (Tor Browser "Safer") or forbidden by policy. */
export async function loadStreamingSha256(): Promise<CreateSha256> {
  if (hasWebAssembly()) {
    try {
      const { loadHashWasmSha256 } = await import('./hash-wasm-sha256.ts');
      return await loadHashWasmSha256();
    } catch {
      // There, but not allowed to run: the slower hash is better than none, and its midstates are the same.
    }
  }
  const { createNobleSha256 } = await import('./noble-sha256.ts');
  return createNobleSha256;
}
