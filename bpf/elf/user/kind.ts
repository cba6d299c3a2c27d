/** What a binary is for: run where it was linked to, run anywhere, or loaded by others. */
import { FormatError } from '../../format-error.ts';
import { ET, PT } from '../constants.ts';
import type { ElfFile } from '../file.ts';

export type BinaryKind = 'program' | 'position-independent program' | 'library';

const DT = { NULL: 0n, SONAME: 14n, FLAGS_1: 0x6fff_fffbn } as const;
const DF_1_PIE = 0x0800_0000n;

/** Libraries may have an interpreter too (libc), and linkers before 2018 did not tell of programs. */
export function kindOf(elf: ElfFile): BinaryKind {
  if (elf.header.type === ET.EXEC) return 'program';
  const entries = dynamicEntries(elf);
  if (((entries.get(DT.FLAGS_1) ?? 0n) & DF_1_PIE) !== 0n) return 'position-independent program';
  const isRun = elf.segments.some((one) => one.type === PT.INTERP) && !entries.has(DT.SONAME);
  return isRun ? 'position-independent program' : 'library';
}

/** The first of each tag. Nothing where the section is missing or damaged. */
function dynamicEntries(elf: ElfFile): ReadonlyMap<bigint, bigint> {
  const entries = new Map<bigint, bigint>();
  const section = elf.section('.dynamic');
  if (section === undefined) return entries;
  try {
    const reader = elf.reader(section);
    const word = elf.header.is64 ? 8 : 4;
    const read = (): bigint => (word === 8 ? reader.u64('a tag') : BigInt(reader.u32('a tag')));
    while (reader.remaining >= 2 * word) {
      const [tag, value] = [read(), read()];
      if (tag === DT.NULL) break;
      if (!entries.has(tag)) entries.set(tag, value);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return entries;
}
