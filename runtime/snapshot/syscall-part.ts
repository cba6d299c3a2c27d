/** System calls of a kernel in a snapshot: (number · name)*, by number. */
import type { SyscallInfo } from '../../bpf/kernel-info.ts';
import { Bytes, BytesReader } from './bytes.ts';
import type { SnapshotPart } from './container.ts';

export function writeSyscalls(syscalls: readonly SyscallInfo[]): Uint8Array {
  const out = new Bytes();
  out.number(syscalls.length);
  for (const { number, name } of [...syscalls].sort((a, b) => a.number - b.number)) {
    out.number(number);
    out.text(name);
  }
  return out.finish();
}

/** @throws FormatError */
export function readSyscalls(part: SnapshotPart): readonly SyscallInfo[] {
  const reader = new BytesReader(part.bytes, 'snapshot', part.offset);
  const count = reader.number('the number of system calls');
  const syscalls: SyscallInfo[] = [];
  for (let index = 0; index < count; index++) {
    const number = reader.number('the number of a system call');
    syscalls.push({ number, name: reader.sizedText('the name of a system call') });
  }
  return syscalls;
}
