/** Which system calls a kernel has, from what it lets trace, with their numbers on its machine. */
import type { SyscallInfo } from '../../bpf/kernel-info.ts';
import type { EventText } from './format-part.ts';
import { GENERIC_SYSCALLS, X86_64_SYSCALLS } from './syscall-numbers.gen.ts';

const TABLES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  x86_64: X86_64_SYSCALLS,
  aarch64: GENERIC_SYSCALLS,
  riscv64: GENERIC_SYSCALLS,
  loongarch64: GENERIC_SYSCALLS,
};

export interface SyscallTraces {
  /** `uname -m` */
  readonly architecture: string;
  readonly formats?: readonly EventText[];
  /** Text of `/proc/kallsyms`. */
  readonly kallsyms?: string;
}

/** By number; undefined for machines whose numbers are not known here, and where nothing tells of system calls. */
export function syscallsOf({
  architecture,
  formats,
  kallsyms,
}: SyscallTraces): readonly SyscallInfo[] | undefined {
  const table = TABLES[architecture];
  if (table === undefined) return undefined;
  const traced = (formats ?? []).flatMap(({ system, name }) =>
    system === 'syscalls' && name.startsWith('sys_enter_') ? name.slice('sys_enter_'.length) : [],
  );
  // `__x64_sys_openat`, `__arm64_sys_openat`
  const symbols = [...(kallsyms ?? '').matchAll(/ [tT] __(?:x64|arm64|riscv|loongarch)_sys_(\w+)$/gm)];
  const names = new Set([...traced, ...symbols.map(([, name = '']) => name)]);
  if (names.size === 0) return undefined;
  return [...names]
    .flatMap((name) => (Object.hasOwn(table, name) ? { number: table[name] ?? 0, name } : []))
    .sort((a, b) => a.number - b.number);
}
