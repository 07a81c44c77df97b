/** `npm run bench -- COMMAND`: what is too long for a test. Each command takes its own options; without one, speeds are measured. */

/** Each command is loaded only when it is run. */
const COMMANDS: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<void>>>> = {
  speeds: async () => (await import('./speeds.ts')).speeds,
  chaos: async () => (await import('./chaos.ts')).chaos,
  cost: async () => (await import('./cost.ts')).cost,
  desk: async () => (await import('./desk.ts')).desk,
  fuzz: async () => (await import('./fuzz.ts')).runFuzz,
  scale: async () => (await import('./scale.ts')).scale,
  flood: async () => (await import('./flood.ts')).flood,
  viewer: async () => (await import('./viewer.ts')).viewer,
  soak: async () => (await import('./soak.ts')).soak,
};

// Ended from outside, it still tidies up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [first = 'speeds', ...rest] = process.argv.slice(2);
const [name, args] = first.startsWith('-') ? ['speeds', [first, ...rest]] : [first, rest];
const load = COMMANDS[name];
if (load === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(COMMANDS).join('|')} [options]`);
  process.exit(2);
}
const command = await load();
await command(args);
