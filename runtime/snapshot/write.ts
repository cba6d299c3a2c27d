/** `writeSnapshot`: what is known of a kernel as the bytes of a file, see container.ts. */
import { readBtf } from '../../bpf/btf/index.ts';
import type { SyscallInfo } from '../../bpf/kernel-info.ts';
import { writeBtfPart } from './btf-part.ts';
import { type SnapshotHeader, writeContainer } from './container.ts';
import { type EventText, writeFormats } from './format-part.ts';
import { type KernelFunction, writeFunctions } from './function-part.ts';
import { writeSyscalls } from './syscall-part.ts';

/** What a machine told; what is absent stays absent. */
export interface KernelSnapshot extends SnapshotHeader {
  /** `/sys/kernel/btf/vmlinux` */
  readonly btf?: Uint8Array;
  /** `/sys/kernel/btf/MODULE`, which go on from {@link btf}. */
  readonly moduleBtf?: ReadonlyMap<string, Uint8Array>;
  readonly formats?: readonly EventText[];
  /** `available_filter_functions` */
  readonly functions?: readonly KernelFunction[];
  readonly syscalls?: readonly SyscallInfo[];
}

/** Not gzipped yet; files are. The same kernel gives the same bytes. @throws FormatError when the BTF is damaged */
export function writeSnapshot(kernel: KernelSnapshot): Uint8Array {
  const { btf, moduleBtf, formats, functions, syscalls } = kernel;
  const parts = new Map<string, Uint8Array>();
  if (btf !== undefined) {
    const base = readBtf(btf);
    parts.set('btf', writeBtfPart(btf));
    for (const [name, bytes] of [...(moduleBtf ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))) {
      parts.set(`btf/${name}`, writeBtfPart(bytes, { strings: base.stringsEnd, firstId: base.end }));
    }
  }
  if (formats !== undefined) parts.set('formats', writeFormats(formats));
  if (functions !== undefined) parts.set('functions', writeFunctions(functions));
  if (syscalls !== undefined) parts.set('syscalls', writeSyscalls(syscalls));
  return writeContainer(kernel, parts);
}
