/** Chooses the fastest cipher that this platform allows, and loads no other. */
import type { CipherProvider } from './cipher-provider.ts';
import { hasWebAssembly } from './web-assembly.ts';

/** libsodium where WebAssembly works, noble where it is missing (Tor Browser "Safer") or forbidden by policy. */
export async function loadCipherProvider(): Promise<CipherProvider> {
  if (hasWebAssembly()) {
    try {
      const { loadLibsodium } = await import('./libsodium-provider.ts');
      return await loadLibsodium();
    } catch {
      // There, but not allowed to run: the slower cipher is better than none.
    }
  }
  const { nobleProvider } = await import('./noble-provider.ts');
  return nobleProvider;
}
