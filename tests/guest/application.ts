/** This package as a guest gets it: Node.js from node_modules, `dist/`, and the runtime dependencies, below `/app`. */
import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.ts';
import { programEntries } from './libraries.ts';
import { folderEntries, type TreeEntry } from './tree.ts';

/** The repository's root folder on the host. */
export const PROJECT_ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** Where {@link applicationEntries} puts the package in the guest. */
export const APPLICATION_FOLDER = '/app';

/** Node.js at `/usr/bin/node` with its libraries. */
export async function nodeEntries(): Promise<Map<string, TreeEntry>> {
  return programEntries(join(PROJECT_ROOT, 'node_modules/node/bin/node'), '/usr/bin/node');
}

/** The built package and its runtime dependencies. Throws when `npm run build` has not been run. */
export async function applicationEntries(): Promise<Map<string, TreeEntry>> {
  const dist = join(PROJECT_ROOT, 'dist');
  await access(dist).catch((cause: unknown) => {
    throw new Error('dist/ is missing: run `npm run build` first', { cause });
  });
  const entries = await folderEntries(dist, join(APPLICATION_FOLDER, 'dist'));
  const manifest = join(PROJECT_ROOT, 'package.json');
  entries.set(join(APPLICATION_FOLDER, 'package.json'), { kind: 'file', from: manifest });
  for (const folder of await runtimeDependencies()) {
    const to = join(APPLICATION_FOLDER, relative(PROJECT_ROOT, folder));
    for (const [path, entry] of await folderEntries(folder, to)) entries.set(path, entry);
  }
  return entries;
}

/** Host folders of all packages installed for `dependencies`, transitively. */
async function runtimeDependencies(): Promise<readonly string[]> {
  const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: PROJECT_ROOT });
  return stdout.split('\n').filter((path) => path.startsWith(join(PROJECT_ROOT, 'node_modules')));
}
