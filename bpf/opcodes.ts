/**
 * The opcode table: every instruction of RFC 9669 and of Linux up to 6.19, one row a name. It drives encode, decode,
 * assembler, disassembler, interpreter, JIT and verifier dispatch. Names hide nothing the wire hides: `sdiv64_k` is
 * not `div64_k` with an offset.
 */
import type { KernelRelease } from './kernel-release.ts';
import { OPCODE_ROWS } from './tables/opcode-rows.ts';

/** Name of an instruction: `add64_k` adds an immediate, `add64_x` a register. */
export type OpName = (typeof OPCODE_ROWS)[number][1];

/**
 * Which fields an instruction uses, hence its text and its checks. Fields not named must be zero (or the row's fixed value).
 *
 * - `alu_k` dst imm, `alu_x` dst src, `neg` dst, `movsx` dst src, `end` dst, `cast` dst src imm
 * - `ja` off, `ja32` imm, `may_goto` off, `jmp_k` dst imm off, `jmp_x` dst src off, `gotox` dst
 * - `call` src imm, `callx` dst, `exit`
 * - `ldx`, `ldsx`, `load_acquire` dst <- [src + off]; `stx`, `store_release` [dst + off] <- src; `st` [dst + off] <- imm
 * - `atomic`, `atomic_fetch`, `cmpxchg` [dst + off] src; `lddw` dst src imm immHigh; `ldabs` imm, `ldind` src imm
 */
export type OpForm = (typeof OPCODE_ROWS)[number][2];

/** What is computed, whatever the width and the operand kind: `add`, `jsgt`, `xchg`, ... */
export type Operation = (typeof OPCODE_ROWS)[number][3];

/** Instruction-set level, as clang's `-mcpu=v1` ... `v4` count. */
export type InstructionSetLevel = 1 | 2 | 3 | 4;

export interface Opcode {
  /** Dense number, the row's index: for switches and tables. It is not the wire byte. */
  readonly code: number;
  readonly name: OpName;
  readonly form: OpForm;
  readonly operation: Operation;
  /** Width in bits of the computation: 64, 32 for ALU32/JMP32/atomics on words, 8 or 16 for the small ordered accesses. */
  readonly bits: 8 | 16 | 32 | 64;
  /** Bytes of memory accessed, or of the source that `movsx` and the byte swaps use; 0 where neither applies. */
  readonly bytes: 0 | 1 | 2 | 4 | 8;
  /** First byte on the wire. */
  readonly opcode: number;
  /** Value the wire's `off` must have to mean this name; null when `off` is an operand or must be zero. */
  readonly fixedOff: number | null;
  /** Value the wire's `imm` must have to mean this name; null when `imm` is an operand or must be zero. */
  readonly fixedImm: number | null;
  readonly level: InstructionSetLevel;
  /** First kernel that accepts it; null when none does. */
  readonly since: KernelRelease | null;
  /** One line: D and S are the destination and source registers. */
  readonly doc: string;
}

/** Every instruction; `OPCODES[n].code === n`. */
export const OPCODES: readonly Opcode[] = OPCODE_ROWS.map(
  ([code, name, form, operation, bits, bytes, opcode, fixedOff, fixedImm, level, since, doc]) => ({
    code,
    name,
    form,
    operation,
    bits,
    bytes,
    opcode,
    fixedOff,
    fixedImm,
    level,
    since: since === 'none' ? null : since,
    doc,
  }),
);

/** Row by name. */
export const OPCODE_BY_NAME: Readonly<Record<OpName, Opcode>> = Object.fromEntries(
  OPCODES.map((row) => [row.name, row]),
) as Record<OpName, Opcode>;

/** Row of an instruction's name. */
export function opcodeOf(name: OpName): Opcode {
  return OPCODE_BY_NAME[name];
}

/** True when `name` is one of the table, for names that come from outside. */
export function isOpName(name: string): name is OpName {
  return Object.hasOwn(OPCODE_BY_NAME, name);
}
