/** Disk images: a folder becomes an ext4 image without mounting anything, and its contents come back the same way. */
import { run } from './command.ts';

const MIB = 1024 * 1024;

/**
 * Makes the ext4 image `image` with the contents of `folder` and room for `free` more bytes.
 * `size` is what the folder's files take together, in bytes.
 */
export async function makeDisk(folder: string, image: string, size: number, free: number): Promise<void> {
  // A quarter for block rounding, inode tables and the journal.
  const mib = Math.ceil((size * 1.25 + free) / MIB) + 16;
  await run('mke2fs', ['-q', '-t', 'ext4', '-E', 'root_owner=0:0', '-d', folder, image, `${mib}M`]);
}

/** Copies the folder `path` of the image into the host folder `target`, which exists. */
export async function extractDisk(image: string, path: string, target: string): Promise<void> {
  // The guest unmounts before it powers off; a guest that was stopped leaves a journal to replay. 1 = repaired.
  await run('e2fsck', ['-fy', image], { accept: [0, 1] });
  const { stderr } = await run('debugfs', ['-R', `rdump ${path} .`, image], { cwd: target });
  const complaint = stderr.split('\n').find((line) => line.startsWith('rdump:'));
  if (complaint !== undefined) throw new Error(`cannot read ${path} of ${image}: ${complaint}`);
}
