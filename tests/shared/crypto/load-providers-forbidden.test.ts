/** A policy that forbids WebAssembly is met quietly too. A file of its own: libsodium, once compiled in a process, stays so. */
import { expect, test, vi } from 'vitest';
import { loadCipherProvider } from '../../../shared/crypto/load-cipher-provider.ts';
import { loadStreamingSha256 } from '../../../shared/crypto/load-streaming-sha256.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';

test('with WebAssembly that a policy forbids to compile: noble for both', async () => {
  const forbidden = () => Promise.reject(new Error('blocked by policy'));
  vi.stubGlobal('WebAssembly', { compile: forbidden, instantiate: forbidden, RuntimeError: Error });
  expect((await loadCipherProvider()).name).toBe('noble');
  expect(await loadStreamingSha256()).toBe(createNobleSha256);
});
