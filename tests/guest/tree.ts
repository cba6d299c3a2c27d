/**
 * A root folder described as data: what lies at which path. It is hashed to find a cached disk and written out to
 * make one. Paths are absolute and as the guest sees them.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type TreeEntry =
  /** The contents and mode of a host file. */
  | { readonly kind: 'file'; readonly from: string }
  | { readonly kind: 'text'; readonly text: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'folder' };

export type Tree = ReadonlyMap<string, TreeEntry>;

/** Entries for every regular file below the host folder `from`, placed below `to`. Symbolic links are followed. */
export async function folderEntries(from: string, to: string): Promise<Map<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  for (const name of await readdir(from, { recursive: true })) {
    const path = join(from, name);
    if ((await stat(path)).isFile()) entries.set(join(to, name), { kind: 'file', from: path });
  }
  return entries;
}

/** SHA-256 over paths, modes and contents, so that equal trees give equal disks. */
export async function hashTree(tree: Tree): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [...tree.keys()].sort()) {
    const entry = tree.get(path)!;
    hash.update(`${entry.kind} ${path}\0`);
    hash.update(await entryContent(entry));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** Sum of the bytes of all files, to size a disk. */
export async function treeSize(tree: Tree): Promise<number> {
  let size = 0;
  for (const entry of tree.values()) {
    if (entry.kind === 'file') size += (await stat(entry.from)).size;
    if (entry.kind === 'text') size += Buffer.byteLength(entry.text);
  }
  return size;
}

/** Writes the tree below the host folder `root`, which exists and is empty. */
export async function writeTree(tree: Tree, root: string): Promise<void> {
  for (const [path, entry] of tree) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeEntry(entry, target);
  }
}

async function entryContent(entry: TreeEntry): Promise<Uint8Array | string> {
  switch (entry.kind) {
    case 'file':
      return readFile(entry.from);
    case 'text':
      return `${entry.mode} ${entry.text}`;
    case 'symlink':
      return entry.target;
    case 'folder':
      return '';
  }
}

async function writeEntry(entry: TreeEntry, target: string): Promise<void> {
  switch (entry.kind) {
    case 'file':
      return linkOrCopy(entry.from, target);
    case 'text':
      await writeFile(target, entry.text);
      return chmod(target, entry.mode);
    case 'symlink':
      return symlink(entry.target, target);
    case 'folder':
      await mkdir(target, { recursive: true });
  }
}

/** A hard link costs nothing; it is refused across file systems and, for files of others, to users who are not root. */
async function linkOrCopy(from: string, target: string): Promise<void> {
  try {
    await link(from, target);
  } catch {
    await copyFile(from, target, constants.COPYFILE_FICLONE);
  }
}
