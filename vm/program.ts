/**
 * A loaded program: linked, relocated and predecoded. Each instruction is four words, jump targets are word indexes:
 *
 *     word 0: | 0:8 | src*2:8 | dst*2:8 | opcode number:8 |     word 1: offset or target     word 2: imm     word 3: imm high
 *
 * One instruction past the end catches programs that run off. Code has addresses of its own, so that callbacks can be
 * named by register; they are not in linear memory.
 */

import type { Instruction } from '../bpf/instruction.ts';
import type { LinkedFunction } from '../bpf/link.ts';
import type { ProgramTypeName } from '../bpf/programs.ts';
import type { MemoryMode } from './mode.ts';

/** High half of code addresses, as Linux's module area shows them. */
export const CODE_TAG: number = 0xffffffff | 0;
/** Opcode number of the instruction past the end. */
export const PAST_END = 255;

export interface Program {
  readonly name: string;
  readonly type: ProgramTypeName;
  readonly mode: MemoryMode;
  /** Its place in the machine's function table, where compiled code of it is called from others; tail calls name it by that. */
  readonly slot: number;
  readonly code: Int32Array;
  readonly instructions: readonly Instruction[];
  readonly functions: readonly LinkedFunction[];
  /** Low half of the address of its first slot. */
  readonly codeAddress: number;
  /** Word index of the instruction at each slot; -1 for the second slot of a wide load. */
  readonly slots: Int32Array;
}

/** Word index of the instruction at a code address, or -1 when it is not one of this program's. */
export function codeIndex(program: Program, low: number, high: number): number {
  const offset = (low - program.codeAddress) | 0;
  if (high !== CODE_TAG || offset < 0 || (offset & 7) !== 0) return -1;
  return program.slots[offset >> 3] ?? -1;
}
