/**
 * `.BTF.ext` as data: which function, source line and CO-RE relocation belongs to which instruction of which section.
 * Its names and lines are strings of the `.BTF` beside it.
 *
 *     header   magic u16 | version u8 | flags u8 | hdr_len | func_info off, len | line_info off, len | core_relo off, len
 *     info     rec_size u32 | for each ELF section: name u32 | records u32 | records of rec_size bytes
 */
import type { CoreRelocation } from '../core/relocation.ts';
import type { TypeId } from './type.ts';

export interface BtfExt {
  /** `func_info` */
  readonly functions: readonly ExtSection<FunctionRecord>[];
  /** `line_info` */
  readonly lines: readonly ExtSection<LineRecord>[];
  /** `core_relo` */
  readonly relocations: readonly ExtSection<CoreRecord>[];
}

/** What is said of one ELF section's instructions. */
export interface ExtSection<T> {
  readonly section: string;
  readonly records: readonly T[];
}

/** A function begins here (`struct bpf_func_info`). */
export interface FunctionRecord {
  /** Bytes from the section's start, a multiple of 8. */
  readonly offset: number;
  /** Its `func`. */
  readonly type: TypeId;
}

/** A source line begins here (`struct bpf_line_info`). */
export interface LineRecord {
  /** Bytes from the section's start, a multiple of 8. */
  readonly offset: number;
  readonly file: string;
  /** The line itself. */
  readonly text: string;
  /** From 1; 0 when unknown. At most 2^22 - 1. */
  readonly line: number;
  /** From 1; 0 when unknown. At most 1023. */
  readonly column: number;
}

/** This instruction has a CO-RE relocation (`struct bpf_core_relo`). */
export interface CoreRecord extends CoreRelocation {
  /** Bytes from the section's start, a multiple of 8. */
  readonly offset: number;
}

/** The header up to `core_relo`, which LLVM 9 did not have. */
export const EXT_HEADER_SIZE = 24;
/** The header with `core_relo`. */
export const EXT_CORE_HEADER_SIZE = 32;
/** Bytes of the records as Linux 6.18 knows them; longer ones say more that nobody asks for. */
export const EXT_RECORD_SIZES: Readonly<Record<keyof BtfExt, number>> = {
  functions: 8,
  lines: 16,
  relocations: 16,
};
/** `line_col`: the line in the upper bits, the column in the lower ten. */
export const COLUMN_BITS = 10;
export const MAX_COLUMN = 1023;
export const MAX_LINE: number = 2 ** 22 - 1;
