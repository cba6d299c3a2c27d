import type { KernelInfo } from '../bpf/kernel-info.ts';
import { hostBinaries } from '../runtime/node/host-binaries.ts';
import { bundledSnapshot, openSnapshotFile } from '../runtime/node/snapshot-file.ts';
import { root } from './cli/support.ts';

/** The bundled snapshot of Linux 6.1 with this machine's programs and libraries. */
export function snapshotOfHost(): KernelInfo {
  return Object.create(openSnapshotFile(bundledSnapshot('linux-6.1')!), {
    binaries: { value: hostBinaries({ folder: root, searchPath: '/usr/bin:/bin' }) },
  }) as KernelInfo;
}
