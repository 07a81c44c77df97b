/** The desk with all its threads as one script, the same in whatever folder and at whatever time it is made. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from './project.mjs';

const NAME = 'postern-desk.cjs';

/**
 * Bundles desk/executable.ts. An executable runs one script and nothing beside it: what cannot be in such a script is refused.
 * @param {string} folder
 * @returns {Promise<string>} name of the script in the folder
 */
export async function bundleDesk(folder) {
  await build({
    root: ROOT,
    configFile: false,
    envFile: false,
    mode: 'production',
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'node24',
      rolldownOptions: {
        input: join(ROOT, 'desk/executable.ts'),
        output: { format: 'cjs', entryFileNames: NAME, codeSplitting: false },
        // Comments that tell where each piece lay would tell it differently where node_modules is a link.
        experimental: { attachDebugInfo: 'none' },
      },
    },
  });
  const fault = faultOf(readFileSync(join(folder, NAME), 'utf8'));
  if (fault !== null) throw new Error(`the desk cannot be one script: ${fault}`);
  return NAME;
}

/** What would break in the executable, or betray where it was made. @param {string} script @returns {string | null} */
function faultOf(script) {
  if (script.includes(ROOT)) return `it names the folder ${ROOT}`;
  const outside = [...script.matchAll(/\brequire\(["']([^"']+)["']\)/g)].find(
    ([, name = '']) => !name.startsWith('node:') && !builtinModules.includes(name),
  );
  return outside === undefined ? null : `it wants ${outside[1]} from outside`;
}
