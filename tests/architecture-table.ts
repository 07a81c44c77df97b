/** Who may import what: the rooms of docs/architecture.md as one table. Every room may import its own files and those of the list. */

export interface Room {
  /** Rooms whose files it may import. */
  readonly rooms: readonly string[];
  /** npm packages it may import. */
  readonly npm: readonly string[];
  /** Node modules it may import, without `node:`. */
  readonly node: readonly string[];
  /** Where it may see only some files of a room: these paths, or all files below a path that ends in `/`. */
  readonly only?: readonly string[];
}

const CORE = [
  'problem',
  'bytes',
  'crypto',
  'age',
  'codename',
  'ledger',
  'parcel',
  'statements',
  'tlog',
  'protocol',
].map((room) => `shared/${room}`);
const PROGRAMS = ['server', 'client', 'courier', 'desk', 'desk/viewer', 'deploy'];
const FILES = ['crypto', 'fs', 'fs/promises', 'os', 'path', 'url', 'util', 'timers/promises'];

/** What one may see who carries ciphertext: signatures and hashes, nothing that decrypts. */
const SEALED = [
  'shared/problem/',
  'shared/bytes/',
  'shared/statements/',
  'shared/tlog/',
  'shared/protocol/',
  'shared/crypto/ed25519.ts',
  'shared/crypto/sha256.ts',
  'shared/parcel/limits.ts',
  'shared/parcel/parts.ts',
];

export const ROOMS: Readonly<Record<string, Room>> = {
  'shared/problem': { rooms: [], npm: [], node: [] },
  'shared/bytes': { rooms: ['shared/problem'], npm: [], node: [] },
  'shared/crypto': {
    rooms: ['shared/problem', 'shared/bytes'],
    npm: ['@noble/ciphers', '@noble/hashes', 'hash-wasm', 'libsodium-wrappers'],
    node: [],
  },
  'shared/age': {
    rooms: ['shared/problem', 'shared/bytes', 'shared/crypto'],
    npm: ['age-encryption'],
    node: [],
  },
  'shared/codename': {
    rooms: ['shared/problem', 'shared/bytes', 'shared/crypto', 'shared/age'],
    npm: [],
    node: [],
  },
  'shared/ledger': { rooms: ['shared/problem', 'shared/bytes', 'shared/crypto'], npm: [], node: [] },
  'shared/parcel': { rooms: ['shared/problem', 'shared/bytes', 'shared/crypto'], npm: [], node: [] },
  'shared/statements': { rooms: ['shared/problem', 'shared/bytes', 'shared/crypto'], npm: [], node: [] },
  'shared/tlog': { rooms: ['shared/problem', 'shared/bytes', 'shared/crypto', 'shared/statements'], npm: [], node: [] },
  'shared/protocol': {
    rooms: ['shared/problem', 'shared/bytes', 'shared/statements'],
    npm: ['valibot'],
    node: [],
  },
  server: {
    rooms: CORE,
    only: SEALED,
    npm: ['@aws-sdk/client-s3', '@fastify/multipart', '@tus/server', 'fastify', 'postgres', 'prom-client'],
    node: [...FILES, 'child_process', 'http', 'net', 'perf_hooks', 'stream', 'stream/promises'],
  },
  client: { rooms: CORE, npm: ['react', 'react-dom', 'valibot'], node: [] },
  courier: { rooms: CORE, only: SEALED, npm: [], node: [...FILES, 'http', 'https'] },
  'desk/viewer': { rooms: [], npm: ['pdfjs-dist', 'react', 'react-dom'], node: [] },
  desk: {
    rooms: [...CORE, 'desk/viewer'],
    only: ['shared/', 'desk/viewer/api.ts'],
    npm: ['pdfkit', 'qr', 'shamir-secret-sharing', 'valibot'],
    node: [
      ...FILES,
      'child_process',
      'dgram',
      'http',
      'module',
      'net',
      'readline',
      'sea',
      'stream',
      'stream/promises',
      'v8',
      'vm',
      'worker_threads',
    ],
  },
  deploy: {
    rooms: [],
    npm: ['vite'],
    node: [...FILES, 'child_process', 'module', 'net', 'readline', 'zlib'],
  },
  tests: {
    rooms: [...CORE, ...PROGRAMS],
    npm: [
      '@aws-sdk/client-s3',
      '@noble/ciphers',
      '@noble/hashes',
      '@tus/file-store',
      '@tus/server',
      'age-encryption',
      'axe-core',
      'cctv-age',
      'fast-check',
      'fastify',
      'hash-wasm',
      'libsodium-wrappers',
      'pdfkit',
      'playwright-core',
      'postgres',
      'puppeteer-core',
      'react',
      'react-dom',
      'shamir-secret-sharing',
      'tus-js-client',
      'valibot',
      'vite',
      'vitest',
    ],
    node: [
      ...FILES,
      'assert',
      'assert/strict',
      'child_process',
      'events',
      'http',
      'https',
      'module',
      'net',
      'perf_hooks',
      'stream',
      'stream/promises',
      'zlib',
    ],
  },
  bench: {
    rooms: [...CORE, ...PROGRAMS, 'tests'],
    npm: [
      '@tus/file-store',
      '@tus/s3-store',
      '@tus/server',
      'age-encryption',
      'playwright-core',
      'postgres',
      'puppeteer-core',
      'tus-js-client',
      'vite',
    ],
    node: [...FILES, 'child_process', 'events', 'http', 'net', 'stream', 'stream/promises'],
  },
};
