/**
 * The guest's root disk: busybox, the programs asked for with their libraries, optionally Node.js and this package.
 * It is read-only to every boot (writes go to a throw-away layer), so one image serves all, and is cached by content.
 */
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { applicationEntries, nodeEntries, PROJECT_ROOT } from './application.ts';
import { run } from './command.ts';
import { makePartitionedDisk } from './disk.ts';
import { INIT_SCRIPT } from './init.ts';
import { findProgram, programEntries } from './libraries.ts';
import { hashTree, type Tree, type TreeEntry, treeSize, writeTree } from './tree.ts';

export interface ImageOptions {
  /** Names (looked up on the host) or absolute paths; they land in `/usr/bin` under their base name. */
  readonly programs?: readonly string[];
  /** Adds `/usr/bin/node`. */
  readonly node?: boolean;
  /** Adds `dist/` and the runtime dependencies below `/app`; needs a build. Implies `node`. */
  readonly application?: boolean;
  /** Anything else, by guest path. */
  readonly extra?: Tree;
}

export interface Image {
  /** On the host; see partition.ts for its layout. */
  readonly path: string;
  /** False when it was built just now. */
  readonly cached: boolean;
}

/** Git-ignored; may be deleted at any time. */
export const CACHE_FOLDER: string = join(PROJECT_ROOT, '.cache/guest');

const EMPTY_FOLDERS = ['/dev', '/proc', '/sys', '/tmp', '/run', '/root', '/job', '/var/tmp', '/mnt'];
const ROOT_FREE_BYTES = 64 * 1024 * 1024;

/** Gives the root disk for these options, building it when no disk with the same contents is cached. */
export async function buildImage(options: ImageOptions = {}): Promise<Image> {
  const tree = await rootTree(options);
  const path = join(CACHE_FOLDER, `system-${(await hashTree(tree)).slice(0, 24)}.img`);
  if (await exists(path)) return { path, cached: true };
  await mkdir(CACHE_FOLDER, { recursive: true });
  const scratch = await mkdtemp(join(CACHE_FOLDER, 'build-'));
  try {
    await writeImage(tree, scratch, path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { path, cached: false };
}

async function writeImage(tree: Tree, scratch: string, path: string): Promise<void> {
  const root = join(scratch, 'root');
  const image = join(scratch, 'root.img');
  await mkdir(root);
  await writeTree(tree, root);
  await makePartitionedDisk({ folder: root, image, used: await treeSize(tree), free: ROOT_FREE_BYTES });
  // Renamed only when complete: a second builder never sees half a disk.
  await rename(image, path);
}

async function rootTree(options: ImageOptions): Promise<Tree> {
  const tree = await baseTree();
  for (const name of options.programs ?? []) {
    const path = await findProgram(name);
    add(tree, await programEntries(path, `/usr/bin/${name.slice(name.lastIndexOf('/') + 1)}`));
  }
  if (options.node === true || options.application === true) add(tree, await nodeEntries());
  if (options.application === true) add(tree, await applicationEntries());
  if (options.extra !== undefined) add(tree, options.extra);
  return tree;
}

async function baseTree(): Promise<Map<string, TreeEntry>> {
  const tree = new Map<string, TreeEntry>();
  const busybox = await findProgram('busybox');
  tree.set('/bin/busybox', { kind: 'file', from: busybox });
  const { stdout } = await run(busybox, ['--list']);
  for (const applet of stdout.trim().split('\n')) {
    if (applet !== 'busybox') tree.set(`/bin/${applet}`, { kind: 'symlink', target: 'busybox' });
  }
  for (const path of EMPTY_FOLDERS) tree.set(path, { kind: 'folder' });
  tree.set('/sbin/init', { kind: 'text', text: INIT_SCRIPT, mode: 0o755 });
  tree.set('/etc/passwd', { kind: 'text', text: 'root:x:0:0:root:/root:/bin/sh\n', mode: 0o644 });
  tree.set('/etc/group', { kind: 'text', text: 'root:x:0:\n', mode: 0o644 });
  return tree;
}

function add(tree: Map<string, TreeEntry>, more: Tree): void {
  for (const [path, entry] of more) tree.set(path, entry);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
