/** Holds the shape of the house: who imports what, no cycles, file size, file openings, what is installed where. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ROOMS } from './architecture-table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const MOST_CODE_LINES = 400;

/** The packages that only the two pages use; they are bundled, so they are devDependencies. */
const BUNDLED = new Set(['pdfjs-dist', 'react', 'react-dom']);
const PRIVILEGED = ['shared', 'server', 'courier', 'desk'];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const FILES: readonly string[] = ['shared', 'server', 'client', 'courier', 'desk', 'deploy', 'tests', 'bench']
  .flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
  )
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/^(client\/dist|desk\/viewer-dist)/.test(path))
  .sort();

const roomOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/');
  if (path.startsWith('desk/viewer/')) return 'desk/viewer';
  return first === 'shared' ? `shared/${second}` : first;
};

const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/^\s*\/\/.*$/gm, '');

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`, and workers: `new URL('./x.ts', import.meta.url)`. */
function importsOf(path: string): readonly string[] {
  const source = withoutComments(read(path));
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
    /\bnew URL\(\s*['"](\.[^'"]+\.(?:ts|tsx|mjs))['"]\s*,\s*import\.meta\.url\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...source.matchAll(pattern)].map(([, name = '']) => name));
}

const withoutQuery = (name: string): string => name.replace(/\?.*$/, '');
const isFile = (name: string): boolean => name.startsWith('.');
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
const target = (path: string, name: string): string =>
  resolve(ROOT, dirname(path), withoutQuery(name)).slice(ROOT.length + 1);

/** Files by file: what each imports of this repository. */
const EDGES: ReadonlyMap<string, readonly string[]> = new Map(
  FILES.map((path) => [
    path,
    importsOf(path)
      .filter(isFile)
      .map((name) => target(path, name)),
  ]),
);

function reachableFrom(starts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...starts];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    open.push(...(EDGES.get(path) ?? []));
  }
  return seen;
}

describe('imports', () => {
  const breaches = (check: (path: string, name: string) => boolean): readonly string[] =>
    FILES.flatMap((path) =>
      importsOf(path)
        .filter((name) => !check(path, name))
        .map((name) => `${path} imports ${name}`),
    );

  test('every file lies in a room of the table', () => {
    expect(FILES.filter((path) => path !== 'shared/platform.d.ts' && !(roomOf(path) in ROOMS))).toEqual([]);
  });

  test('files: only of rooms that the table allows', () => {
    const allowed = (path: string, name: string): boolean => {
      if (!isFile(name)) return true;
      const [from, to] = [roomOf(path), roomOf(target(path, name))];
      return from === to || (ROOMS[from]?.rooms.includes(to) ?? false) || isSettings(path, target(path, name));
    };
    expect(breaches(allowed)).toEqual([]);
  });

  test('files: where only some of a room may be seen, only those', () => {
    const allowed = (path: string, name: string): boolean => {
      const only = ROOMS[roomOf(path)]?.only;
      if (only === undefined || !isFile(name)) return true;
      const file = target(path, name);
      return (
        roomOf(file) === roomOf(path) ||
        only.some((entry) => (entry.endsWith('/') ? file.startsWith(entry) : file === entry))
      );
    };
    expect(breaches(allowed)).toEqual([]);
  });

  test('npm packages and Node modules: only those of the table', () => {
    const allowed = (path: string, name: string): boolean => {
      if (isFile(name)) return true;
      const room = ROOMS[roomOf(path)];
      return name.startsWith('node:')
        ? (room?.node.includes(name.slice('node:'.length)) ?? false)
        : (room?.npm.includes(packageOf(name)) ?? false);
    };
    expect(breaches(allowed)).toEqual([]);
  });

  test('files are named with their ending', () => {
    expect(breaches((_path, name) => !isFile(name) || /\.(ts|tsx|mjs|css|json)$/.test(withoutQuery(name)))).toEqual([]);
  });

  test('the programs import by literal names only, so that this table sees everything', () => {
    const hidden = FILES.filter(
      (path) =>
        !/^(tests|bench)\//.test(path) &&
        /\bimport\(\s*(?!['"])|\brequire\(|\beval\(/.test(withoutComments(read(path))),
    );
    expect(hidden).toEqual([]);
  });

  test('nothing that decrypts can be reached from the server or the courier', () => {
    const starts = FILES.filter((path) => /^(server|courier)\//.test(path));
    const decrypting = [...reachableFrom(starts)].filter(
      (path) => /^shared\/(age|codename)\//.test(path) || /^shared\/crypto\/.*(provider|hkdf|pbkdf2)/.test(path),
    );
    expect(decrypting).toEqual([]);
  });

  test('no file imports itself by a detour', () => {
    const cycles = FILES.filter((path) => reachableFrom(EDGES.get(path) ?? []).has(path));
    const steps = cycles.map((path) => {
      const onCycle = (EDGES.get(path) ?? []).filter((next) => reachableFrom([next]).has(path));
      return `${path} -> ${onCycle.join(', ')}`;
    });
    expect(steps).toEqual([]);
  });
});

describe('files', () => {
  test(`none has more than ${MOST_CODE_LINES} lines of code`, () => {
    const codeLines = (path: string): number =>
      withoutComments(read(path))
        .split('\n')
        .filter((line) => line.trim() !== '').length;
    const words = 'shared/codename/words.ts';
    expect(FILES.filter((path) => path !== words && codeLines(path) > MOST_CODE_LINES)).toEqual([]);
  });

  test('each begins by saying what it is for', () => {
    expect(FILES.filter((path) => !/^(#!.*\n)?\/\*\* ?\S|^(#!.*\n)?\/\*\*\n \* \S/.test(read(path)))).toEqual([]);
  });

  test('none exports a default, save settings', () => {
    expect(FILES.filter((path) => /^export default\b/m.test(read(path)))).toEqual([]);
  });
});

describe('packages', () => {
  const manifest = JSON.parse(read('package.json')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const dependencies = Object.keys(manifest['dependencies'] ?? {}).sort();

  test('`dependencies` are exactly what runs privileged', () => {
    const used = FILES.filter((path) => PRIVILEGED.includes(roomOf(path).replace(/^shared\/.*/, 'shared')))
      .flatMap((path) => importsOf(path))
      .filter((name) => !isFile(name) && !name.startsWith('node:'))
      .map(packageOf);
    expect([...new Set(used)].sort()).toEqual(dependencies);
    expect(dependencies.filter((name) => BUNDLED.has(name))).toEqual([]);
  });

  test('every version is exact', () => {
    const all = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('the lock file names no registry and no script is run at installation', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  test('docs/architecture.md says why each dependency is there', () => {
    const page = read('docs/architecture.md');
    expect(dependencies.filter((name) => !new RegExp(`^\\| \`${name}\` +\\| \\w`, 'm').test(page))).toEqual([]);
  });
});

/** Tests may look at the settings in the project root. */
function isSettings(path: string, file: string): boolean {
  return path.startsWith('tests/') && /^[^/]+\.config\.ts$|^package\.json$/.test(file);
}
