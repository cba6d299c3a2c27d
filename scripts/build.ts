/**
 * Builds `dist/`: the bundled command line (`dist/bin`, one chunk a command so that heavy rooms load when needed), one
 * bundle a public entry, and the declarations.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const LIBRARIES = ['bpf', 'compiler', 'verifier', 'vm', 'runtime'] as const;

async function bundle(input: Record<string, string>, directory: string, minify: boolean): Promise<void> {
  const build = await rolldown({
    input,
    cwd: root,
    platform: 'node',
    external: [/^node:/, '@napi-rs/lzma'],
    // Readers that the command line loads when they are wanted are also part of the library's one bundle.
    checks: { ineffectiveDynamicImport: false },
  });
  await build.write({
    dir: directory,
    format: 'esm',
    minify,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  await build.close();
}

/**
 * Makes `npx bpfkit` find this checkout's own command at once. npx would otherwise install the project into a cache of
 * its own, which one failed build leaves broken for good.
 */
function linkCommand(): void {
  const link = `${root}node_modules/.bin/bpfkit`;
  rmSync(link, { force: true });
  symlinkSync('../../dist/bin/bpfkit.js', link);
}

rmSync(`${root}dist`, { recursive: true, force: true });
await bundle(
  { bpfkit: './cli/bin.ts', 'replay-worker': './runtime/node/replay-worker.ts' },
  `${root}dist/bin`,
  true,
);
chmodSync(`${root}dist/bin/bpfkit.js`, 0o755);
linkCommand();
const libraries = LIBRARIES.filter((name) => existsSync(`${root}${name}/index.ts`));
await bundle(Object.fromEntries(libraries.map((name) => [name, `./${name}/index.ts`])), `${root}dist`, false);
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`],
  {
    stdio: 'inherit',
  },
);
