/** Which engine is taken where, and that the choice is quiet when WebAssembly is missing or forbidden. */
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function load() {
  const { loadCipherProvider } = await import('../../../shared/crypto/load-cipher-provider.ts');
  const { loadStreamingSha256 } = await import('../../../shared/crypto/load-streaming-sha256.ts');
  const { createNobleSha256 } = await import('../../../shared/crypto/noble-sha256.ts');
  const createSha256 = await loadStreamingSha256();
  return { cipher: (await loadCipherProvider()).name, noble: createSha256 === createNobleSha256, createSha256 };
}

test('with WebAssembly: libsodium and hash-wasm', async () => {
  expect(await load()).toMatchObject({ cipher: 'libsodium', noble: false });
});

test('without WebAssembly: noble for both', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const { cipher, noble, createSha256 } = await load();
  expect({ cipher, noble }).toEqual({ cipher: 'noble', noble: true });
  expect(createSha256().digest()).toHaveLength(32);
});
