/** Variables and functions of a user program by name (`uaddr`), and how far its code lies from where it was linked. */

import { SHN, SHT } from '../../bpf/elf/constants.ts';
import type { ElfFile } from '../../bpf/elf/file.ts';
import type { UserBinary } from '../../bpf/elf/user/index.ts';
import type { ResolvedPoint } from './point.ts';

export interface UserSymbol {
  /** As linked. */
  readonly address: bigint;
  /** Bytes; 0 when unknown. */
  readonly size: number;
}

export function findUserSymbol({ elf }: UserBinary, name: string): UserSymbol | undefined {
  for (const type of [SHT.SYMTAB, SHT.DYNSYM]) {
    const section = elf.sections.find((one) => one.type === type);
    if (section === undefined) continue;
    for (const symbol of elf.symbols(section)) {
      if (symbol.section === SHN.UNDEF || nameOf(symbol.name) !== name) continue;
      return { address: symbol.value, size: Number(symbol.size) };
    }
  }
  return undefined;
}

/** Without a version. */
function nameOf(text: string): string {
  const at = text.indexOf('@');
  return at > 0 ? text.slice(0, at) : text;
}

const ET_EXEC = 2;

/** It runs where it was linked to: no `-pie`. */
export function isFixed(elf: ElfFile): boolean {
  return elf.header.type === ET_EXEC;
}

/** Where a uprobe's instruction was linked; undefined where nothing tells. */
export function linkedAddress({ point }: ResolvedPoint, binary: UserBinary): bigint | undefined {
  if (point.kind !== 'uprobe' && point.kind !== 'uretprobe') return undefined;
  if (point.address !== undefined) return point.address;
  const found = binary.functions.named(point.function)[0];
  return found === undefined ? undefined : found.address + BigInt(point.offset ?? 0);
}
