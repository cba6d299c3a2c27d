/** Types of this machine's kernel, or of Linux 6.1 where there is none. */
import { existsSync, readFileSync } from 'node:fs';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { readBtf } from '../../../bpf/btf/read.ts';
import { bundledSnapshot, openSnapshotFile } from '../../../runtime/node/snapshot-file.ts';

const LIVE = '/sys/kernel/btf/vmlinux';

export function machineTypes(): Btf {
  if (existsSync(LIVE)) return readBtf(new Uint8Array(readFileSync(LIVE)));
  return openSnapshotFile(bundledSnapshot('linux-6.1')!).btf!;
}
