/** A new passphrase: typed twice, and a short one is told to be short, for it is the person's to choose. */
import { expect, test } from 'vitest';
import { askNewPassphrase } from '../../desk/keys/passphrase.ts';

/** Types the same twice; what was said, and what was taken. */
async function typed(passphrase: string): Promise<{ said: string[]; taken: string | null }> {
  const said: string[] = [];
  const taken = await askNewPassphrase('keys', {
    ask: () => Promise.resolve(passphrase),
    warn: (line) => void said.push(line),
  });
  return { said, taken };
}

test('a short one is taken, and called short', async () => {
  const { said, taken } = await typed('owl');
  expect(taken).toBe('owl');
  expect(said).toEqual([expect.stringContaining('is short')]);
  expect(said.join('')).not.toContain('owl');
});

test('six words, or none at all, are taken without a word', async () => {
  expect(await typed('lantern pebble drift cactus mural sway')).toMatchObject({ said: [] });
  expect(await typed('')).toEqual({ said: [], taken: null });
});
