/** Disk images: a folder becomes an ext4 image without mounting anything, and its contents come back the same way. */
import { open } from 'node:fs/promises';
import { run } from './command.ts';
import { PARTITION_OFFSET, partitionTable } from './partition.ts';

const MIB = 1024 * 1024;

export interface DiskOptions {
  /** Its contents become the file system's. */
  readonly folder: string;
  /** Path of the image to make. */
  readonly image: string;
  /** What the folder's files take together, in bytes. */
  readonly used: number;
  /** Room for more, in bytes. */
  readonly free: number;
}

/** Makes an image that is one ext4 file system. */
export async function makeDisk(options: DiskOptions): Promise<void> {
  await makeFileSystem(options, 0);
}

/** Makes an image with a partition table and the file system in its only partition (see partition.ts). */
export async function makePartitionedDisk(options: DiskOptions): Promise<void> {
  const size = await makeFileSystem(options, PARTITION_OFFSET);
  const file = await open(options.image, 'r+');
  try {
    await file.write(partitionTable(size), 0, undefined, 0);
    // The partition may not reach beyond the disk.
    await file.truncate(PARTITION_OFFSET + size);
  } finally {
    await file.close();
  }
}

/** Copies the folder `path` of an image without partitions into the host folder `target`, which exists. */
export async function extractDisk(image: string, path: string, target: string): Promise<void> {
  // The guest unmounts before it powers off; a guest that was stopped leaves a journal to replay. 1 = repaired.
  await run('e2fsck', ['-fy', image], { accept: [0, 1] });
  const { stderr } = await run('debugfs', ['-R', `rdump ${path} .`, image], { cwd: target });
  const complaint = stderr.split('\n').find((line) => line.startsWith('rdump:'));
  if (complaint !== undefined) throw new Error(`cannot read ${path} of ${image}: ${complaint}`);
}

async function makeFileSystem({ folder, image, used, free }: DiskOptions, offset: number): Promise<number> {
  // A quarter for block rounding, inode tables and the journal.
  const mib = Math.ceil((used * 1.25 + free) / MIB) + 16;
  const extended = `root_owner=0:0,offset=${offset}`;
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-E', extended, '-d', folder, image, `${mib}M`]);
  return mib * MIB;
}
