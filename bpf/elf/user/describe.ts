/** `describeBinary`: what a binary is, as plain data to print. */
import { EM, ET } from '../constants.ts';
import type { UserBinary } from './binary.ts';
import { debugPaths } from './debug-files.ts';

export interface BinaryDescription {
  /** `x86-64`, or the number of a machine without a name here. */
  readonly machine: string;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly kind: 'program' | 'library or position-independent program';
  readonly buildId: string | undefined;
  readonly debugLink: string | undefined;
  /** Where its debugging information may be, if it is not in the file. */
  readonly debugPaths: readonly string[];
  readonly functions: number;
  readonly usdt: readonly {
    /** `provider:name` */
    readonly probe: string;
    readonly places: number;
    /** Arguments at the first place, as the note has them. */
    readonly arguments: string;
  }[];
  /** Units of debugging information; undefined when there is none. */
  readonly dwarfUnits: number | undefined;
  readonly warnings: readonly string[];
}

const MACHINES: ReadonlyMap<number, string> = new Map([
  [EM[386], 'x86'],
  [EM.MIPS, 'mips'],
  [EM.PPC, 'ppc'],
  [EM.PPC64, 'ppc64'],
  [EM.S390, 's390'],
  [EM.ARM, 'arm'],
  [EM.X86_64, 'x86-64'],
  [EM.AARCH64, 'aarch64'],
  [EM.RISCV, 'riscv'],
  [EM.LOONGARCH, 'loongarch'],
]);

export function describeBinary(binary: UserBinary): BinaryDescription {
  const { header } = binary.elf;
  const { buildId, debugLink, functions, usdt, dwarf } = binary;
  return {
    machine: MACHINES.get(header.machine) ?? `machine ${header.machine}`,
    bits: header.is64 ? 64 : 32,
    littleEndian: header.littleEndian,
    kind: header.type === ET.EXEC ? 'program' : 'library or position-independent program',
    buildId,
    debugLink: debugLink?.name,
    debugPaths: dwarf === undefined ? debugPaths(binary, undefined) : [],
    functions: functions.all.length,
    usdt: usdt.map(({ provider, name, places }) => ({
      probe: `${provider}:${name}`,
      places: places.length,
      arguments: places[0]?.argumentText ?? '',
    })),
    dwarfUnits: dwarf?.units,
    warnings: [...binary.warnings, ...(dwarf?.problems ?? []).map((problem) => problem.message)],
  };
}
