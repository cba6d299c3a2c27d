/** The Linux kernels a guest can boot: those of Debian's cloud flavour, which have NVMe and ext4 built in. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface GuestKernel {
  /** As `uname -r` tells it, e.g. `6.1.0-56-cloud-amd64`. */
  readonly release: string;
  readonly path: string;
}

/** All cloud kernels in `folder`, oldest first. */
export async function findKernels(folder: string = '/boot'): Promise<readonly GuestKernel[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^vmlinuz-.*cloud-amd64$/.test(name))
    .map((name) => ({ release: name.slice('vmlinuz-'.length), path: join(folder, name) }))
    .sort((a, b) => a.release.localeCompare(b.release, 'en', { numeric: true }));
}

/** The oldest kernel whose release begins with `series`, such as `6.1.`. */
export async function findKernel(series: string = ''): Promise<GuestKernel> {
  const kernels = await findKernels();
  const found = kernels.find((kernel) => kernel.release.startsWith(series));
  if (found !== undefined) return found;
  const known = kernels.map((kernel) => kernel.release).join(', ') || 'none';
  throw new Error(`no cloud kernel ${series}* in /boot (found: ${known})`);
}
