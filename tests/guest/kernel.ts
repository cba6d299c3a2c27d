/**
 * The Linux kernels a guest can boot: those of Debian's cloud flavour, which have NVMe and ext4 built in. A series
 * that is not installed is unpacked from its package into the cache; installing it would make it the host's next one.
 */
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { CACHE_FOLDER } from './image.ts';

export interface GuestKernel {
  /** As `uname -r` tells it, e.g. `6.1.0-56-cloud-amd64`. */
  readonly release: string;
  readonly path: string;
}

const DOWNLOAD_MILLISECONDS = 600_000;

/** All cloud kernels in `folder`, oldest first. */
export async function findKernels(folder: string = '/boot'): Promise<readonly GuestKernel[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^vmlinuz-.*cloud-amd64$/.test(name))
    .map((name) => ({ release: name.slice('vmlinuz-'.length), path: join(folder, name) }))
    .sort((a, b) => a.release.localeCompare(b.release, 'en', { numeric: true }));
}

/** The oldest installed kernel whose release begins with `series`, such as `6.1.`. */
export async function findKernel(series: string = ''): Promise<GuestKernel> {
  const kernels = await findKernels();
  const found = kernels.find((kernel) => kernel.release.startsWith(series));
  if (found !== undefined) return found;
  const known = kernels.map((kernel) => kernel.release).join(', ') || 'none';
  throw new Error(`no cloud kernel ${series}* in /boot (found: ${known})`);
}

/** The newest packaged kernel of a series such as `6.12.`, downloaded once. Throws when no source offers one. */
export async function fetchKernel(series: string): Promise<GuestKernel> {
  const pattern = `^linux-image-${series.replaceAll('.', '\\.')}.*cloud-amd64(-unsigned)?$`;
  const { stdout } = await run('apt-cache', ['search', '--names-only', pattern]);
  const names = stdout.split('\n').flatMap((line) => /^\S+/.exec(line)?.[0] ?? []);
  const name = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (name === undefined) throw new Error(`no package of a cloud kernel ${series}* is on offer`);
  const folder = join(CACHE_FOLDER, name);
  if (
    !(await access(folder).then(
      () => true,
      () => false,
    ))
  )
    await unpack(name, folder);
  const kernel = (await findKernels(join(folder, 'boot')))[0];
  if (kernel === undefined) throw new Error(`package ${name} holds no kernel (see ${folder})`);
  return kernel;
}

async function unpack(name: string, folder: string): Promise<void> {
  await mkdir(CACHE_FOLDER, { recursive: true });
  const scratch = await mkdtemp(join(CACHE_FOLDER, 'kernel-'));
  try {
    await run('apt-get', ['download', '-q', name], { cwd: scratch, timeout: DOWNLOAD_MILLISECONDS });
    const archive = (await readdir(scratch)).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt-get download ${name} left no package`);
    await run('dpkg-deb', ['-x', archive, 'root'], { cwd: scratch });
    await rename(join(scratch, 'root'), folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
