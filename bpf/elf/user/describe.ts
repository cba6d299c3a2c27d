/** `describeBinary`: what a binary is, as plain data to print. */
import { EM } from '../constants.ts';
import type { FunctionCount, UserBinary } from './binary.ts';
import { type BinaryKind, kindOf } from './kind.ts';

export interface BinaryDescription {
  /** `x86-64`, or the number of a machine without a name here. */
  readonly machine: string;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly kind: BinaryKind;
  readonly buildId: string | undefined;
  readonly debugLink: string | undefined;
  /** Where its debugging information may be, if it is not in the file. */
  readonly debugPaths: readonly string[];
  /** Different ones of all tables. */
  readonly functions: number;
  readonly functionCounts: readonly FunctionCount[];
  readonly usdt: readonly {
    /** `provider:name` */
    readonly probe: string;
    readonly places: number;
    /** Arguments at the first place, as the note has them. */
    readonly arguments: string;
  }[];
  /** Units of debugging information; undefined when there is none. */
  readonly dwarfUnits: number | undefined;
  /** The separate file it is in; undefined when it is the file itself. */
  readonly dwarfPath: string | undefined;
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
    kind: kindOf(binary.elf),
    buildId,
    debugLink: debugLink?.name,
    debugPaths: dwarf === undefined ? binary.debugPaths : [],
    functions: functions.all.length,
    functionCounts: binary.functionCounts,
    usdt: usdt.map(({ provider, name, places }) => ({
      probe: `${provider}:${name}`,
      places: places.length,
      arguments: places[0]?.argumentText ?? '',
    })),
    dwarfUnits: dwarf?.units,
    dwarfPath: binary.dwarfPath,
    warnings: [...binary.warnings, ...(dwarf?.problems ?? []).map((problem) => problem.message)],
  };
}
