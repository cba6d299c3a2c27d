/**
 * Types of real kernels for tests: a folder of RELEASE.btf.gz that `BPFKIT_BTF` names, where there is one; Linux 6.1 of the
 * snapshot that comes along; this machine's own.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';

const FOLDER = process.env.BPFKIT_BTF ?? resolve(import.meta.dirname, '../../../shared/data/btf');
const LIVE = '/sys/kernel/btf/vmlinux';
const SUFFIX = '.btf.gz';

/** Readers of the `.BTF` by release (`6.1`), and of this machine's as `running`. */
export function kernelTypes(): ReadonlyMap<string, () => Uint8Array> {
  const kernels = new Map<string, () => Uint8Array>([
    ['6.1', () => openSnapshotFile(bundledSnapshot('linux-6.1')!).btf!.bytes()],
  ]);
  if (existsSync(LIVE)) {
    const live = (): Uint8Array => new Uint8Array(readFileSync(LIVE));
    kernels.set('running', live);
    const [own] = /^\d+\.\d+/.exec(release()) ?? [];
    if (own !== undefined) kernels.set(own, live);
  }
  for (const name of existsSync(FOLDER) ? readdirSync(FOLDER) : []) {
    if (!name.endsWith(SUFFIX)) continue;
    kernels.set(
      name.slice(0, -SUFFIX.length),
      () => new Uint8Array(gunzipSync(readFileSync(join(FOLDER, name)))),
    );
  }
  return kernels;
}
